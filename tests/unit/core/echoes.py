"""How servers and libraries spell what they were sent, and what anybody can read in a text.

What is read is read by Python's own libraries, and by nothing of the package under test.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from html import escape, unescape
from urllib.parse import quote, quote_plus, unquote, unquote_plus

Form = Callable[[str], str]


def _percent(text: str, safe: str = "") -> str:
    return "".join(c if c in safe else f"%{byte:02X}" for c in text for byte in _utf8(c))


def _lower_percent(text: str) -> str:
    return re.sub("%..", lambda match: match[0].lower(), quote(text, safe=""))


def _go(text: str) -> str:
    """As Go's encoding/json writes text."""
    quoted = json.dumps(text, ensure_ascii=False)[1:-1]
    return "".join(f"\\u{ord(c):04x}" if c in "<>&\u2028\u2029" else c for c in quoted)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _base64(text: str, before: str = "") -> str:
    return base64.b64encode(_utf8(before + text)).decode()


def _url64(text: str) -> str:
    return base64.urlsafe_b64encode(_utf8(text)).decode().rstrip("=")


def _split(text: str, between: str) -> str:
    return between.join(text[at : at + 5] for at in range(0, len(text), 5))


FORMS: dict[str, Form] = {
    "plain": str,
    "percent": partial(quote, safe=""),
    "percent, partly": quote,
    "percent, every character": _percent,
    "percent, lower case": _lower_percent,
    "percent, twice": lambda text: quote(quote(text, safe=""), safe=""),
    "form": quote_plus,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, unicode": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON, slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "Go's JSON": _go,
    "Python's repr": lambda text: repr(text)[1:-1],
    "HTML": escape,
    "HTML, decimal": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "HTML, hex": lambda text: "".join(f"&#x{ord(c):X};" for c in text),
    "HTML, apostrophe": lambda text: escape(text, quote=False).replace("'", "&apos;"),
    "base64": _base64,
    "base64url": _url64,
    "base64, user": partial(_base64, before="user:"),
    "base64, 1 before": partial(_base64, before="x"),
    "base64, 2 before": partial(_base64, before="xy"),
    "upper": str.upper,
    "lower": str.lower,
    "blanks": partial(_split, between=" "),
    "lines": partial(_split, between="\r\n"),
    "control characters": partial(_split, between="\x00\x1b"),
    "cut behind": lambda text: text[: max(12, len(text) * 2 // 3)] + "…",
    "cut before": lambda text: "..." + text[len(text) // 3 :],
}
"""By name: what becomes of a secret on its way."""


def readings(text: str, depth: int = 3) -> Iterator[str]:
    """`text`, and what comes of it by up to `depth` decodings."""
    seen, now = {text}, [text]
    yield text
    for _ in range(depth):
        now = [read for known in now for read in _read(known) if read not in seen]
        seen.update(now)
        yield from now


def _read(text: str) -> Iterator[str]:
    yield unquote(text)
    yield unquote_plus(text)
    yield unescape(text)
    yield re.sub(r'\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\(["\\/bfnrtv\'])', _escaped, text)
    bare = re.sub(r"\s", "", text)
    for run in re.findall(r"[A-Za-z0-9+/_-]{8,}", bare):
        for shift in range(4):
            whole = run[shift:].replace("-", "+").replace("_", "/")
            whole = whole[: len(whole) - (len(whole) % 4 == 1)]
            read = base64.b64decode(whole + "=" * (-len(whole) % 4))
            if (found := read.decode("utf-8", "ignore")).isprintable() or len(run) > 15:
                yield found


def _escaped(match: re.Match[str]) -> str:
    code, byte, control = match.groups()
    if control:
        return {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}.get(
            control, control
        )
    return chr(int(code or byte, 16))


def shown(secret: str, text: str, piece: int = 12) -> list[str]:
    """The pieces of `secret` that can be read in `text`; of a shorter secret, only all of it."""

    def bare(value: str) -> str:
        return re.sub(r"[\s\x00-\x1f\x7f]", "", value).casefold()

    length = min(piece, len(secret))
    pieces = {secret[at : at + length] for at in range(len(secret) - length + 1)}
    texts = [(read, bare(read)) for read in readings(text)]
    return [
        each
        for each in pieces
        if any(
            each in read or (len(bare(each)) >= length and bare(each) in low) for read, low in texts
        )
    ]
