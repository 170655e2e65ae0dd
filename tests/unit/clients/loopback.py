"""A REST server on a free loopback port that answers as it is told, and a time that costs none."""

import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CLOSED = "http://127.0.0.1:9"
"""Where nothing answers."""


class FakeTime:
    """A clock that only `sleep` moves on."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass(frozen=True)
class Reply:
    """One answer; a body that is no text is sent as JSON."""

    status: int = 200
    body: Any = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    """Close the connection in the middle of the body."""


@dataclass(frozen=True)
class Request:
    """What the server was sent."""

    call: str
    headers: Mapping[str, str]
    body: Any


class Server:
    """Replies by call ("GET /v1/x"), in order; the last one stays."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[Request] = []
        self.delay = threading.Event()
        """Answers wait until it is set."""
        self.delay.set()
        self.otherwise = Reply(599, {"code": "Unscripted"})
        """The answer to calls that nothing is scripted for."""
        self._replies: dict[str, list[Reply]] = {}

    def on(self, call: str, *replies: Reply) -> None:
        self._replies[call] = list(replies)

    def calls(self) -> list[str]:
        return [request.call for request in self.requests]

    def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        self.delay.wait(10)
        replies = self._replies.get(request.call)
        if not replies:
            return self.otherwise
        return replies.pop(0) if len(replies) > 1 else replies[0]


def _understood(content: bytes) -> Any:
    """The JSON of a body, None if it is empty or something else."""
    try:
        return json.loads(content)
    except ValueError:
        return None


@contextmanager
def listening(
    handler: type[BaseHTTPRequestHandler], tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """The URL of a server on a free port, each call of which `handler` answers."""

    class Silent(handler):  # type: ignore[misc, valid-type]
        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Listener(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # a client that hangs up is part of the tests

    with Listener(("127.0.0.1", 0), Silent) as listener:
        if tls:
            listener.socket = tls.wrap_socket(listener.socket, server_side=True)
        thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"{'https' if tls else 'http'}://127.0.0.1:{listener.server_port}"
        finally:
            listener.shutdown()
            thread.join()


@contextmanager
def serve(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(
                f"{self.command} {self.path}",
                {name.lower(): value for name, value in self.headers.items()},
                _understood(content),
            )
            reply = server.answer(request)
            body = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
            self.send_response_only(reply.status)
            for name, value in {"Date": self.date_time_string(), **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + (9 if reply.cut else 0)))
            self.end_headers()
            self.wfile.write(body.encode())
            self.close_connection = reply.cut

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_CONNECT = answer

    with listening(Handler, tls) as url:
        server = Server(url)
        yield server
