"""A small S3 store on loopback: buckets of objects, and as much of the protocol as a trial uses."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from tests.unit.clients.loopback import listening

ACCESS_KEY, SECRET_KEY = "AKIAEXAMPLE", "the-secret-of-the-trial"
"""What a trial is made with."""
XMLNS = "http://s3.amazonaws.com/doc/2006-03-01/"
LIST = f'<ListBucketResult xmlns="{XMLNS}"><Name>b</Name>{{}}</ListBucketResult>'
FOUND = (
    "<Contents><Key>{}</Key><LastModified>2026-11-28T00:00:00.000Z</LastModified>"
    '<ETag>"e"</ETag><Size>1</Size></Contents>'
)


@dataclass(frozen=True)
class Call:
    """What the store was sent."""

    method: str
    path: str
    headers: dict[str, str]

    @property
    def checksum(self) -> bool:
        """Whether it bears a checksum of its content, before or after it."""
        return any(name.startswith(("x-amz-checksum-", "x-amz-trailer")) for name in self.headers)

    @property
    def region(self) -> str:
        """The region that it is signed for."""
        return self.headers["authorization"].partition("Credential=")[2].split("/")[2]


@dataclass
class SmallStore:
    """What it holds, whatever bucket it is in."""

    url: str
    refuse: Callable[[Call], tuple[int, str, str, dict[str, str]] | None] = lambda call: None
    """Status, code, message and headers of the refusal of a call, None to let it through."""
    calls: list[Call] = field(default_factory=list)
    objects: dict[str, bytes] = field(default_factory=dict)

    def content(self, call: Call, sent: bytes) -> bytes:
        """What is kept of what was sent."""
        return sent

    def answer(self, call: Call, content: bytes) -> tuple[int, str | bytes, dict[str, str]]:
        self.calls.append(call)
        if refused := self.refuse(call):
            status, code, message, headers = refused
            text = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
            return status, text, headers
        parts = urlsplit(call.path)
        key = parts.path.rpartition("/")[2]
        if call.method == "PUT":
            self.objects[key] = self.content(call, content)
            return 200, "", {"ETag": '"e"'}
        if call.method == "DELETE":
            self.objects.pop(key, None)
            return 204, "", {}
        if "list-type" in (query := parse_qs(parts.query)):
            names = [name for name in self.objects if name.startswith(query["prefix"][0])]
            return 200, LIST.format("".join(map(FOUND.format, names))), {}
        return 200, self.objects[key], {}


@contextmanager
def small_store(
    tls: ssl.SSLContext | None = None, kind: type[SmallStore] = SmallStore
) -> Iterator[SmallStore]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            content = self._content(headers)
            call = Call(self.command, self.path, headers)
            status, body, more = store.answer(call, content)
            raw = body.encode() if isinstance(body, str) else body
            self.send_response_only(status)
            for name, value in {"Content-Type": "application/xml", **more}.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(raw)

        def _content(self, headers: dict[str, str]) -> bytes:
            """The body without HTTP's own chunks; those of a client, which are within, stay."""
            if headers.get("expect", "").lower() == "100-continue":
                self.send_response_only(100)
                self.end_headers()
            if headers.get("transfer-encoding") != "chunked":
                return self.rfile.read(int(headers.get("content-length") or 0))
            whole = b""
            while size := int(self.rfile.readline(), 16):
                whole += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return whole

        do_GET = do_PUT = do_DELETE = do_HEAD = answer

        def handle_expect_100(self) -> bool:
            return True  # told above, once

    with listening(Handler, tls) as url:
        store = kind(url)
        yield store
