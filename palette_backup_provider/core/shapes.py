"""Texts that look like secrets, and secrets that are too short to be looked for within words."""

import re
from base64 import b64decode
from collections.abc import Iterator

from palette_backup_provider.core.decoding import Span, View, encoded

USERINFO = re.compile(
    rb"""://(?:
      ([^\s/?\#"'<>`]*)@  # as RFC 3986 has it
    | ([^\s/?\#@:\["'<>`]*:(?!\d{0,5}(?:[/?\#\s"'<>`]|$))[^\s"'<>`]*)@  # raw / ? #
    )""",
    re.VERBOSE,
)
"""The user and the password of a URL."""
SIGNATURE = re.compile(
    rb"[?&;](?:sig|x-amz-signature|x-amz-security-token|x-goog-signature)=([^&\s\"'<>]+)",
    re.IGNORECASE,
)
"""What makes a URL a credential: of shared access signatures, and of presigned calls."""
PRIVATE_KEY = re.compile(
    rb"(-----BEGIN [A-Z ]*PRIVATE KEY-----"
    rb"(?:[^-]+-----END [A-Z ]*PRIVATE KEY-----\n?"
    rb"|(?:\s*[A-Za-z0-9+/=]{16,})+(?:\n[A-Za-z0-9+/=]+)?))"
)
SHAPES = ((b"://", USERINFO), (b"=", SIGNATURE), (b"PRIVATE KEY", PRIVATE_KEY))
"""A part that every such text has, which is found quickly, and the whole shape."""


def shapes(data: bytes) -> Iterator[Span]:
    """The places in `data` of what looks like a secret."""
    for part, shape in SHAPES:
        if part in data:
            for match in shape.finditer(data):
                yield match.span(match.lastindex or 0)


def passwords(text: str) -> Iterator[str]:
    """The passwords in the URLs of `text`; a user without one may be a token, as with git."""
    for match in USERINFO.finditer(encoded(text)):
        name, _, password = match[match.lastindex or 0].decode("utf-8", "replace").partition(":")
        yield password or name


BEFORE, AFTER = rb"(?<![^\s\"'=:,;()\[\]{}<>@&|/?])", rb"(?![^\s\"'=:,;()\[\]{}<>@&|/?.!])"
AS_VALUE = rb"(?<=[\"'=:])"
PACKED = re.compile(rb"[A-Za-z0-9+/_-]{2,}={0,2}")


class Words:
    """Secrets of a few characters: cleared where they stand for themselves, never within a word.

    A secret that could be an ordinary word or number is cleared only where it stands as a value: in
    quotes, or right after `=` or `:`. A text that lost each "the" would be no text any more, and
    would tell what the secret is.
    """

    def __init__(self) -> None:
        self._words: set[bytes] = set()
        self._pattern: re.Pattern[bytes] | None = None

    def add(self, word: bytes) -> None:
        if not word.strip():
            return
        self._words.add(word)
        each = (_wherever(w) for w in sorted(self._words, key=len, reverse=True))
        self._pattern = re.compile(rb"|".join(each))

    def within(self, view: View) -> Iterator[Span]:
        """Where a word stands in what can be read."""
        if self._pattern is None or view.packed:
            return
        for match in self._pattern.finditer(view.data):
            yield match.span()
        for match in PACKED.finditer(view.data):
            letters = match[0].rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
            if len(letters) % 4 == 1:
                continue
            parts = b64decode(letters + b"=" * (-len(letters) % 4)).partition(b":")
            if not self._words.isdisjoint((parts[0], parts[2])):
                yield match.span()


def _wherever(word: bytes) -> bytes:
    ordinary = word.isalpha() or len(word) < 4
    return (AS_VALUE if ordinary else BEFORE) + re.escape(word) + AFTER
