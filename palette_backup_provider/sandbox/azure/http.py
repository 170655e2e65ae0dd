"""How Azure's services refuse, and what their answers have in common."""

import json
import re
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from werkzeug.wrappers import Request, Response

Body = dict[str, Any]
Handle = Callable[..., Response]


class Refused(Exception):
    """An answer of Azure's that is an error."""

    def __init__(self, status: int, code: str, message: str, detail: str = "") -> None:
        """`detail` is Graph's own code for what `code` says of much else, too."""
        super().__init__(message)
        self.status, self.code, self.message, self.detail = status, code, message, detail

    def for_arm(self) -> Response:
        """As Azure Resource Manager says it."""
        return answer({"error": {"code": self.code, "message": self.message}}, self.status)

    def for_graph(self) -> Response:
        """As Microsoft Graph says it."""
        inner = {"date": timestamp(), "request-id": guid(), "client-request-id": guid()}
        error: Body = {"code": self.code, "message": self.message}
        if self.detail:
            error["details"] = [{"code": self.detail, "message": self.message}]
        return answer({"error": {**error, "innerError": inner}}, self.status)

    def for_sign_in(self) -> Response:
        """As Microsoft Entra ID says it; `code` is like `invalid_client`."""
        number = re.match(r"AADSTS(\d+)", self.message)
        body = {
            "error": self.code,
            "error_description": f"{self.message} Trace ID: {guid()} Timestamp: {timestamp()}",
            "error_codes": [int(number[1])] if number else [],
        }
        return answer(body, self.status)

    def for_blobs(self) -> Response:
        """As Azure Storage says it."""
        message = f"{self.message}\nRequestId:{guid()}\nTime:{timestamp()}"
        error = f"<Code>{self.code}</Code><Message>{escape(message)}</Message>"
        body = f'\ufeff<?xml version="1.0" encoding="utf-8"?><Error>{error}</Error>'
        headers = {"x-ms-error-code": self.code}
        return Response(body, self.status, headers, content_type="application/xml")


class Routes:
    """What answers which method and path; paths are patterns that ignore case."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Handle]] = []

    def add(self, methods: str, pattern: str, handle: Handle) -> None:
        """Have `handle` answer; it is called with the request and the pattern's groups."""
        compiled = re.compile(pattern, re.IGNORECASE)
        self._routes += [(method, compiled, handle) for method in methods.split()]

    def find(self, request: Request) -> Callable[[], Response] | None:
        """The call to answer a request with."""
        for method, pattern, handle in self._routes:
            if method == request.method and (match := pattern.fullmatch(request.path)):
                return lambda: handle(request, *match.groups())
        return None


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(json.dumps(body), status, headers, content_type="application/json")


def empty(status: int, headers: dict[str, str] | None = None) -> Response:
    """An answer without a body."""
    return Response(status=status, headers=headers)


def sent(request: Request) -> Body:
    """The request's JSON."""
    body = request.get_json(silent=True, force=True)
    if not isinstance(body, dict):
        raise Refused(400, "InvalidRequestContent", "The request content was invalid.")
    return body


def demand_known(names: Iterable[str], known: Iterable[str], of: str) -> None:
    """Refuse the first name that is not known: what is ignored is believed to be kept."""
    for name in sorted(set(names) - set(known)):
        message = f"This sandbox does not know {name} of {of}."
        raise Refused(400, "InvalidRequestContent", message)


def timestamp(when: datetime | None = None) -> str:
    """A time as Azure writes it."""
    return (when or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S.0000000Z")


def guid() -> str:
    """A new one."""
    return str(uuid.uuid4())
