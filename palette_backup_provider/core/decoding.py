"""What a text says beneath escapes and base64, and where in the text each part of that stands.

Servers and libraries quote what they were sent in their own spelling: percent-encoded, as JSON or
Python escapes, as HTML entities, as base64. All is bytes here, as percent and base64 encode bytes.
"""

import re
from binascii import a2b_base64
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, partial
from html import unescape
from itertools import compress, islice
from typing import NamedTuple

DEPTH = 3
"""How many layers of escapes are taken off: two forms, one of them percent-encoded twice."""
NEAR = 96
"""Bytes beside an escape that are read with it. They hold the longest piece of a secret that is
looked for, twelve characters of four bytes each, and what base64 makes of it."""

Span = tuple[int, int]

BACKSLASH = (
    rb"\\u(?P<high>d[89ab][\da-f]{2})\\u(?P<low>d[c-f][\da-f]{2})"
    rb"|\\(?P<wide>(?-i:U)00(?:0[1-9a-f]|10)[\da-f]{4}|u[\da-f]{4}|x[\da-f]{2})"
    rb"|\\(?P<control>[abfnrtv0])"
    rb"|\\(?P<itself>[!-/:-@[-`{-~])"
)
ESCAPE = re.compile(
    BACKSLASH + rb"|%(?P<percent>u[\da-f]{4}|[\da-f]{2})"
    rb"|&(?P<entity>\#\d{1,7}|\#x[\da-f]{1,6}|[a-z][a-z\d]{1,31}(?=;));?",
    re.IGNORECASE,
)
"""Each alternative begins with a character of its own: so the search skips to these."""
QUOTED = re.compile(BACKSLASH, re.IGNORECASE)
"""What JSON and Python escape. They leave alone what a secret has in itself of other escapes."""
ALPHABET = bytes(range(256)).translate(bytes.maketrans(b"-_", b"+/"))
OTHERS = re.sub(rb"[A-Za-z0-9+/_-]", b"", bytes(range(256)))
IN_ALPHABET = bytes(byte not in OTHERS for byte in range(256))
PACKED_RUN = b"\1" * 8
TELLING = re.compile(
    rb"%[\da-f]{2}|\\(?:[ux][\da-f]{2}|[abfnrtv])|&(?:\#|amp;|apos;|gt;|lt;|quot;)", re.IGNORECASE
)


def encoded(text: str) -> bytes:
    """`text` as UTF-8; half characters, which JSON can carry, as well."""
    return text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class View:
    """The text with some layers taken off."""

    data: bytes
    origin: Callable[[int, int], Span]
    """Where in the text a span of `data` comes from."""
    packed: bool = False
    """Whether base64 was taken off."""

    @cached_property
    def readable(self) -> bool:
        """Whether it is more than the noise that base64 makes of words; seldom wrong."""
        return (
            not self.packed
            or PACKED_RUN in self.data.translate(IN_ALPHABET)
            or TELLING.search(self.data) is not None
        )


def views(data: bytes, *, quoted: bool = False) -> Iterator[View]:
    """`data` itself, and all that can be read beneath two forms; with `quoted` also what it says
    where nothing but backslashes escape."""
    plain = View(data, lambda start, end: (start, end))
    if quoted:
        yield _unescaped(plain, QUOTED)
    for layers, view in enumerate(_layers(plain, DEPTH)):
        yield view
        for packed in _unpacked(view) if layers < DEPTH else ():
            yield packed
            if view is plain and packed.readable:
                yield from islice(_layers(packed, DEPTH - 1), 1, None)
                yield from _unpacked(packed)


def _layers(view: View, most: int) -> Iterator[View]:
    """`view`, and what is read beneath one layer of escapes, beneath two, and so on."""
    yield view
    while most and ESCAPE.search(view.data):
        view, most = _unescaped(view), most - 1
        yield view


def unescaped(data: bytes) -> bytes:
    """`data` with every escape of any kind read, once."""
    return ESCAPE.sub(_meaning, data)


class _Piece(NamedTuple):
    """A part of what is read: an escape's meaning, or plain text near one."""

    at: int
    source: Span
    plain: bool


def _unescaped(view: View, escape: re.Pattern[bytes] = ESCAPE) -> View:
    """What is read around escapes; the rest of the view has been looked at already."""
    data, read, pieces, done = view.data, bytearray(), list[_Piece](), 0
    for match in (*escape.finditer(data), None):
        start, end = match.span() if match else (len(data), len(data))
        for source in _near(done, start, bool(match)):
            pieces.append(_Piece(len(read), source, True))
            read += data[source[0] : source[1]]
        if match:
            pieces.append(_Piece(len(read), (start, end), False))
            read += _meaning(match)
        done = end

    def origin(start: int, end: int) -> Span:
        first = pieces[bisect_right(pieces, start, key=lambda piece: piece.at) - 1]
        last = pieces[bisect_right(pieces, end - 1, key=lambda piece: piece.at) - 1]
        begin, stop = first.source[0], last.source[1]
        if first.plain:
            begin += start - first.at
        if last.plain:  # an escape is cleared as a whole
            stop = last.source[0] + end - last.at
        return view.origin(begin, stop)

    return View(bytes(read), origin, view.packed)


def _near(start: int, end: int, more: bool) -> tuple[Span, ...]:
    """What of the plain text from `start` to `end` is near an escape; `more` come after it."""
    if end - start <= NEAR:
        return ((start, end),)
    before, after = (end - NEAR, end), (start, start + NEAR)
    if start == 0:
        return (before,)
    if not more:
        return (after,)
    return (after, before) if end - start > 2 * NEAR else ((start, end),)


def _meaning(match: re.Match[bytes]) -> bytes:
    kind, value = match.lastgroup, match[match.lastgroup or 0]
    if kind == "percent" and len(value) == 2:
        return bytes((int(value, 16),))
    if kind == "control":
        return b"\n"
    if kind == "itself":
        return value
    if kind == "entity":
        return _entity(value.decode()) or match[0]
    code = int(value[1:], 16)
    if kind == "low":
        high, low = int(match["high"], 16) & 0x3FF, int(value, 16) & 0x3FF
        code = 0x10000 + (high << 10 | low)
    return encoded(chr(code)) if code < 0x110000 else match[0]


def _entity(name: str) -> bytes | None:
    """What the entity stands for, also in upper case; None where there is no such entity."""
    for reference in (f"&{name};", f"&{name.lower()};"):
        if (meaning := unescape(reference)) != reference:
            return encoded(meaning)
    return None


def _unpacked(view: View) -> Iterator[View]:
    """All base64 characters as if they were one text of it, four times: begun at each of the first.

    What is base64 is read right by one of the four, whatever stands before it.
    """
    letters = view.data.translate(ALPHABET, OTHERS)
    places = cache(lambda: _places(view.data))

    def origin(shift: int, start: int, end: int) -> Span:
        kept = places()
        first, last = shift + start * 4 // 3, shift + (end * 4 - 1) // 3
        return view.origin(kept[first], kept[min(last, len(kept) - 1)] + 1)

    for shift in range(min(4, len(letters))):
        whole = letters[shift:] + b"A" * ((shift - len(letters)) % 4)
        yield View(a2b_base64(whole), partial(origin, shift), packed=True)


def _places(data: bytes) -> list[int]:
    """Where the base64 characters of `data` are."""
    return list(compress(range(len(data)), data.translate(IN_ALPHABET)))
