"""MinIO: the real server, as a service behind a proxy.

Requests go through as they came, the Host header and the encoding of the path included: signatures
cover both. All that is added is the age of each user's secret.
"""

import http.client
import json
import re
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.minio.known_errors import ERRORS
from palette_backup_provider.sandbox.minio.process import MinioProcess
from palette_backup_provider.sandbox.proxy.server import HOST

_ADMIN = "/minio/admin/"
_ADD_USER = "/minio/admin/v3/add-user"
_REMOVE_USER = "/minio/admin/v3/remove-user"
_NOT_PASSED_ON = {"connection", "date", "expect", "keep-alive", "server", "transfer-encoding"}
"""Headers that are about one connection, and answers' headers that the proxy's server adds."""
_SUBRESOURCES = ("delete", "lifecycle", "location", "object-lock", "policy", "tagging", "uploads")
_LISTS = ("list-type", "versioning", "versions")
_TIMEOUT = 60


class Minio:
    """The server, and which of its users' secrets are fresh."""

    name = "minio"
    errors = ERRORS

    def __init__(self, program: Path, clock: Callable[[], float]) -> None:
        self.user = f"sandbox-{secrets.token_hex(4)}"
        """May do everything."""
        self.password = secrets.token_urlsafe(24)
        self._program, self._clock = program, clock
        self.made: dict[str, float] = {}
        """When each user's secret was set through this proxy, and each access key first used."""
        self._process = self._started()
        self._used = False

    def stop(self) -> None:
        """End the server and remove its data."""
        self._process.stop()

    def reset(self) -> None:
        """As at the start: a server with nothing in it."""
        if not self._used:
            return
        self._process.stop()
        self._process = self._started()
        self.made.clear()
        self._used = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        self._used = True
        answer = self._forwarded(request)
        if answer.status_code == 200:
            self._note(request)
        return answer(environ, start_response)

    def call(self, request: Request) -> str:
        """Method and route, with names as `{bucket}` and `{object}`."""
        if request.path.startswith(_ADMIN):
            return f"{request.method} {request.path}"
        bucket, _, key = request.path.lstrip("/").partition("/")
        path = f"/{'{bucket}' if bucket else ''}{'/{object}' if key else ''}"
        what = next((f"?{n}" for n in (*_SUBRESOURCES, *_LISTS) if n in request.args), "")
        return f"{request.method} {path}{what}"

    def credential_made_at(self, request: Request) -> float | None:
        """How old the request's user or access key is. What made an access key is sealed with its
        user's secret, so its age is counted from its first use."""
        match = re.search(r"Credential=([^/,\s]+)/", request.headers.get("Authorization", ""))
        if not match or match[1] == self.user:
            return None
        return self.made.setdefault(match[1], self._clock())

    def unknown(self, request: Request) -> Response:
        """An access key that is too fresh."""
        return self.refused(request, "InvalidAccessKeyId")

    def refused(self, request: Request, code: str) -> Response:
        """As the admin API or the S3 API says it."""
        error = ERRORS[code]
        if request.path.startswith(_ADMIN):
            body = json.dumps({"Code": code, "Message": error.message})
            return Response(body, error.status, content_type="application/json")
        body = f"<Error><Code>{code}</Code><Message>{error.message}</Message></Error>"
        return Response(body, error.status, content_type="application/xml")

    def too_many(self) -> None:
        """No limit holds here."""
        return None

    @property
    def data(self) -> Path:
        """Where the server keeps its data."""
        return self._process.data

    def _started(self) -> MinioProcess:
        return MinioProcess(self._program, self.user, self.password)

    def _note(self, request: Request) -> None:
        user = request.args.get("accessKey", "")
        if request.path == _ADD_USER:
            self.made[user] = self._clock()
        elif request.path == _REMOVE_USER:
            self.made.pop(user, None)

    def _forwarded(self, request: Request) -> Response:
        connection = http.client.HTTPConnection(HOST, self._process.port, timeout=_TIMEOUT)
        try:
            connection.putrequest(
                request.method,
                request.environ["RAW_URI"],
                skip_host=True,
                skip_accept_encoding=True,
            )
            for name, value in request.headers:
                if name.lower() not in _NOT_PASSED_ON - {"date"}:
                    connection.putheader(name, value)
            connection.endheaders(request.get_data())
            answer = connection.getresponse()
            headers = [(k, v) for k, v in answer.getheaders() if k.lower() not in _NOT_PASSED_ON]
            # As a list: of bytes it would count the length anew, and a HEAD has none.
            return Response([answer.read()], answer.status, headers)
        except OSError:
            return Response("MinIO gave no answer.", 502)
        finally:
            connection.close()
