"""The proxy in front of every simulator and cloud.

It is the one place where calls are counted, limited, delayed and broken. So a fault is written once
and holds for all of them.
"""

import io
import select
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Protocol
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.proxy.conditions import Conditions
from palette_backup_provider.sandbox.proxy.faults import SILENCE, Fault
from palette_backup_provider.sandbox.proxy.known_error import KnownError
from palette_backup_provider.sandbox.proxy.server import reset_on_close

_OF_ANSWERS = ("truncate", "mislabel", "garble")
"""Faults that strike an answer, so that the call has taken effect."""
_LOOPBACK_NAMES = ("127.0.0.1", "localhost")


class Service(Protocol):
    """What a proxy can stand in front of: a WSGI application that can say a little about itself."""

    name: str
    """What faults and counts call it."""

    @property
    def errors(self) -> Mapping[str, KnownError]:
        """What it can be told to refuse calls with, by code."""

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]: ...

    def call(self, request: Request) -> str | None:
        """The API call that a request makes; None for what is no part of the API."""

    def credential_made_at(self, request: Request) -> float | None:
        """When the credential of a request was made (seconds since the epoch), if it was made by a
        call to this sandbox."""

    def unknown(self, request: Request) -> Response:
        """How this API refuses a credential that it does not know yet."""

    def refused(self, request: Request, code: str) -> Response | None:
        """How this API refuses a call with the error of that code; None for a call that cannot end
        in it."""

    def too_many(self) -> Response | None:
        """How this API refuses a call over the limit; None when the limit and its latency do not
        hold for it."""


class Proxy:
    """A service as the outside sees it."""

    def __init__(self, service: Service, conditions: Conditions) -> None:
        self._service = service
        self._conditions = conditions
        conditions.knows(service.name, service.errors)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = _read_whole(environ)
        return self._answer(request, environ)(environ, start_response)

    def _answer(self, request: Request, environ: WSGIEnvironment) -> Response:
        # A page on the web can make a browser call loopback under a name of its own choosing.
        if request.host.partition(":")[0] not in _LOOPBACK_NAMES:
            return Response("This server answers to 127.0.0.1 and localhost only.", 421)
        call = self._service.call(request)
        if call is None:
            return self._pass_on(environ)
        if too_many := self._service.too_many():
            self._conditions.sleep(self._conditions.limit.limit.latency_ms / 1000)
            if not self._conditions.limit.admits(request.path, request.remote_addr or ""):
                self._conditions.reject()
                return too_many
        self._conditions.count(self._service.name, call)
        fits = partial(self._fits, request)
        fault = self._conditions.faults.strike(self._service.name, call, fits)
        if fault is None:
            return self._undisturbed(request, environ)
        return self._struck(fault, request, environ)

    def _fits(self, request: Request, fault: Fault) -> bool:
        return fault.fault != "error" or self._refusal(fault, request) is not None

    def _refusal(self, fault: Fault, request: Request) -> Response | None:
        """What the fault has the service say; None where it does not strike."""
        if fault.fault == "status":
            return _gateway_page(fault)
        if fault.error and fault.error in self._service.errors:
            return self._service.refused(request, fault.error)
        return None

    def _undisturbed(self, request: Request, environ: WSGIEnvironment) -> Response:
        made_at = self._service.credential_made_at(request)
        if made_at is not None and self._conditions.clock() - made_at < self._conditions.delay:
            return self._service.unknown(request)
        return self._pass_on(environ)

    def _pass_on(self, environ: WSGIEnvironment) -> Response:
        return Response.from_app(self._service, environ, buffered=True)

    def _struck(self, fault: Fault, request: Request, environ: WSGIEnvironment) -> Response:
        if fault.fault == "revoke":
            return self._service.unknown(request)
        if fault.when == "before" and fault.fault not in _OF_ANSWERS:
            self._disturb(fault, environ)
            return self._refusal(fault, request) or self._undisturbed(request, environ)
        answer = self._undisturbed(request, environ)
        self._disturb(fault, environ)
        answer = self._refusal(fault, request) or answer
        if fault.fault == "mislabel":
            answer.content_type = "text/html"
        if fault.fault == "garble" and answer.status_code < 400 and answer.get_data():
            is_xml = answer.get_data().lstrip().startswith(b"<")
            answer.set_data(b"<Garbled/>" if is_xml else b'{"garbled": null}')
        return _cut(answer, environ) if fault.fault == "truncate" else answer

    def _disturb(self, fault: Fault, environ: WSGIEnvironment) -> None:
        """Hold the call or break its connection, as the fault says."""
        if fault.fault == "reset":
            _reset(environ)
        elif fault.fault == "silence":
            self._conditions.faults.hold(SILENCE)
            _reset(environ)
        elif fault.fault == "stop":
            self._conditions.faults.hold(None)
            # Nothing more is sent over a connection that waits for its answer, so anything there
            # to be read is its end. A call of a client that was killed must not take effect now.
            if select.select([environ["werkzeug.socket"]], [], [], 0)[0]:
                _reset(environ)


def _read_whole(environ: WSGIEnvironment) -> Request:
    """The request with its body, so that no fault strikes while it is still being sent. The
    environment gets the body back, to be read once more by the service."""
    request = Request(environ)
    body = request.get_data()
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return request


def _reset(environ: WSGIEnvironment) -> None:
    reset_on_close(environ)
    raise ConnectionResetError


def _gateway_page(fault: Fault) -> Response:
    reason = HTTP_STATUS_CODES.get(fault.status, "Error")
    page = f"<html><body><h1>{fault.status} {reason}</h1></body></html>"
    wait = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    return Response(page, fault.status, wait, content_type="text/html")


def _cut(answer: Response, environ: WSGIEnvironment) -> Response:
    """The answer's headers and the first half of its body, after which the connection ends."""
    body = answer.get_data()
    if not body:
        _reset(environ)

    def half() -> Iterator[bytes]:
        yield body[: len(body) // 2]
        raise ConnectionAbortedError

    cut = Response(half(), answer.status, answer.headers)
    cut.headers["Content-Length"] = str(len(body))
    return cut
