"""Servers that are not there: what requests would have sent, and the answers."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import HTTPAdapter

from tests.contract.settings_case import Case


@dataclass
class Sent:
    """One request."""

    method: str
    url: str
    headers: dict[str, str]
    body: str

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body))


Answer = Callable[[Sent], tuple[int, Any]]


def answered(case: Case, answer: Answer) -> list[Sent]:
    """Answers all that requests sends; the list grows with it. A sign-in that nobody waits for any
    more goes on in its thread, into the next test: what it sends is none of this one's."""
    sent: list[Sent] = []
    of_others = {*threading.enumerate()} - {threading.current_thread()}

    def send(self: Any, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        if threading.current_thread() in of_others:
            raise requests.ConnectionError
        body = request.body or b""
        text = body.decode() if isinstance(body, bytes) else str(body)
        one = Sent(str(request.method), str(request.url), dict(request.headers), text)
        sent.append(one)
        response = requests.Response()
        response.status_code, content = answer(one)
        response._content = json.dumps(content).encode()
        response.headers["Content-Type"] = "application/json"
        response.request, response.url = request, one.url
        response.raw = _Raw()
        return response

    case.patch.setattr(HTTPAdapter, "send", send)
    return sent


class _Raw:
    """Enough of a connection for an SDK that reads whole answers."""

    def release_conn(self) -> None:
        pass

    def close(self) -> None:
        pass
