"""A server that quotes all that it was sent and all that it knows, and what is read of that."""

import json
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler

import pytest

from palette_backup_provider.core import secrets
from palette_backup_provider.core.errors import ProviderError
from tests.unit.clients.loopback import listening
from tests.unit.core.echoes import FORMS, shown

SPELT = ("plain", "Go's JSON", "percent", "base64, user", "upper", "lines", "HTML")
Answer = tuple[int, str]


def planted(what: str) -> str:
    """A secret that shares nothing with another, and that is spelt otherwise by most."""
    digest = b64encode(sha256(what.encode()).digest()).decode()
    return f'{digest[:9]}+/&<{digest[9:24]}>"{digest[24:]}'


def as_json(text: str) -> Answer:
    """A refusal, as REST APIs have it."""
    return 403, json.dumps({"code": "Denied", "message": text})


def as_xml(text: str) -> Answer:
    """A refusal, as stores of objects have it."""
    error = f"<Code>SignatureDoesNotMatch</Code><Message>{escape(text)}</Message>"
    return 403, f"<Error>{error}</Error>"


def as_oauth(text: str) -> Answer:
    """A refusal to sign in."""
    return 401, json.dumps(
        {"error": "invalid_client", "error_description": f"AADSTS7000215: {text}"}
    )


@dataclass
class Echo:
    """A server that refuses all, and quotes what it was sent and what it knows."""

    url: str
    refuses: Callable[[str], Answer] = as_json
    """A refusal that says the text."""
    answers: Callable[[str], str | None] = lambda call: None
    """What it answers instead of a refusal, if it does."""
    knows: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)

    def answer(self, call: str, sent: str) -> Answer:
        if (found := self.answers(call)) is not None:
            return 200, found
        said = [FORMS[spelt](secret) for secret in self.knows for spelt in SPELT]
        return self.refuses(f"refused {' '.join(said)} {sent}")


@contextmanager
def echoing(tls: ssl.SSLContext | None = None) -> Iterator[Echo]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            server.bodies.append(self.rfile.read(length).decode("utf-8", "replace"))
            sent = f"{self.path} {dict(self.headers)} {server.bodies[-1]}"
            status, content = server.answer(f"{self.command} {self.path}", sent)
            kind = "application/json" if content.startswith(("{", "[")) else "application/xml"
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content.encode())))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content.encode())

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

    with listening(Handler, tls) as url:
        server = Echo(url)
        yield server


def refusal(call: Callable[[], object], *planted: str) -> str:
    """What a person reads of the refusal; nothing of what was planted is in it."""
    with pytest.raises(ProviderError) as caught:
        call()
    error, said = caught.value, str(caught.value)
    for secret in planted:
        assert shown(secret, said) == [], said
        assert shown(secret, repr(error)) == []
        assert shown(secret, secrets.cleared(f"elsewhere {secret}")) == []
    assert error.__suppress_context__ or error.__context__ is None
    return said
