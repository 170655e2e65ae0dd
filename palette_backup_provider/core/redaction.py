"""Finds secrets in text, whatever was made of them on the way.

Secrets and text are compared in one normal form: without case, blanks, control characters, `+`
(a blank in URLs) and backslashes. Of a secret, any PIECE characters in a row are found, and all of
a shorter one. Every four bytes of every secret are in an index, and every fourth four bytes of a
text are looked up there. A text in which there is nothing costs next to nothing.
"""

import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, compress

from palette_backup_provider.core.decoding import Span, View, encoded, unescaped, views
from palette_backup_provider.core.shapes import Words, shapes

PIECE = 12
"""Characters of a secret in a row that are never shown."""
SHORTEST = 6
"""Characters. A shorter secret would blot out parts of words, so it is one of Words."""
GRAM = 4
PLACES = 256
"""The most places at which the same four bytes are looked for. No key repeats four bytes as often.
Without a limit, a secret that repeats itself would have each text compared with all of it."""
FEWEST = GRAM + 1
"""Bytes of a normal form that can be looked for; see `_looks`."""
DROPPED = bytes([*range(0x21), *b"+\\", 0x7F])
FOLDED = bytes(range(256)).lower()
KEPT = bytes(byte not in DROPPED for byte in range(256))
BLANKS = re.compile("[\x80-\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]+")
"""Those beyond ASCII, and what does not show."""
PARTS = re.compile(rb"[\x00-\x7f]+|[\x80-\xff]+")


class Redactor:
    """Knows secrets, and where something of them stands in a text.

    One thread at a time may add; any number may look meanwhile.
    """

    def __init__(self) -> None:
        self._forms = bytearray()
        """The normal forms of all secrets, each ended by a zero, which is in no normal form."""
        self._starts: list[int] = []
        self._least: list[int] = []
        """By secret: how many bytes of its form in a row are too many."""
        self._index: dict[int, list[int]] = {}
        """By four bytes: where they stand in `_forms`."""
        self._fewest = PIECE
        self._fades = False
        """Whether a secret is next to nothing once its own escapes are read, as `pass%00%00` is."""
        self._words = Words()

    def add(self, secret: str) -> None:
        """Find `secret` from now on, also as it reads where a text is taken for escaped."""
        data = encoded(secret)
        for variant in dict.fromkeys((data, unescaped(data), unescaped(unescaped(data)))):
            form = normal(variant)
            if len(secret) < SHORTEST or len(form) < FEWEST:
                self._words.add(variant)
                self._fades |= len(secret) >= SHORTEST
                continue
            self._enter(form, _least(variant, normal))
            if not variant.isascii():
                text = variant.decode("utf-8", "surrogateescape")
                for spelt in {text, text.upper(), text.lower()}:
                    other = spelt.encode("utf-8", "surrogateescape")
                    self._enter(folded(other), _least(other, folded))

    def spans(self, text: str) -> Iterator[Span]:
        """Where something that is never shown begins and ends in `text`, in any order."""
        data = encoded(text)
        for view in views(data, quoted=self._fades):
            for start, end in self._within(view):
                begin, stop = view.origin(start, end)
                first = len(data[:begin].decode("utf-8", "surrogatepass"))
                yield first, first + len(data[begin:stop].decode("utf-8", "surrogatepass"))

    def _within(self, view: View) -> Iterator[Span]:
        if view.readable:
            yield from shapes(view.data)
            yield from self._words.within(view)
        form = _Form(view.data, folded if view.packed else normal)
        for start, end in self._runs(form.bytes):
            yield form.source(start, end)

    def _enter(self, form: bytes, least: int) -> None:
        start = len(self._forms)
        self._forms += form + b"\0"
        self._starts.append(start)
        self._least.append(least)
        self._fewest = min(self._fewest, least)
        for at in range(len(form) - GRAM + 1):
            gram = int.from_bytes(form[at : at + GRAM], sys.byteorder)
            places = self._index.setdefault(gram, [])
            if len(places) < PLACES:
                places.append(start + at)

    def _runs(self, form: bytes) -> Iterator[Span]:
        """Where `form` has too much of a secret."""
        for first, every in _looks(self._fewest):
            length = max(len(form) - first, 0) // GRAM * GRAM
            grams = memoryview(form)[first : first + length].cast("I")[::every]
            if self._index.keys().isdisjoint(grams):
                continue
            done = 0
            for number, gram in enumerate(grams):
                at = first + number * every * GRAM
                if gram in self._index and at + GRAM > done:
                    for start, end in self._around(form, at, self._index[gram]):
                        done = max(done, end)
                        yield start, end

    def _around(self, form: bytes, at: int, places: list[int]) -> Iterator[Span]:
        """What is the same around `at` in `form` and around `places` in the secrets."""
        for place in places:
            left = right = 0
            while left < at and form[at - left - 1] == self._forms[place - left - 1]:
                left += 1
            while (
                form[at + right : at + right + 32]
                == self._forms[place + right : place + right + 32]
            ):
                right += 32
            while at + right < len(form) and form[at + right] == self._forms[place + right]:
                right += 1
            if left + right >= self._least[bisect_right(self._starts, place) - 1]:
                yield at - left, at + right


def _looks(fewest: int) -> tuple[tuple[int, int], ...]:
    """From which byte on, and at every how many grams, to look so that `fewest` in a row show."""
    if fewest >= 3 * GRAM - 1:
        return ((0, 2),)
    return ((0, 1),) if fewest >= 2 * GRAM - 1 else ((0, 1), (GRAM // 2, 1))


@dataclass
class _Form:
    """The form in which `data` is compared, and what of `data` a part of it comes from."""

    data: bytes
    of: Callable[[bytes], bytes]

    @cached_property
    def bytes(self) -> bytes:
        return self.of(self.data)

    def source(self, start: int, end: int) -> Span:
        begins, ends = self._places
        return begins[start], ends[end - 1]

    @cached_property
    def _places(self) -> tuple[list[int], list[int]]:
        if self.data.isascii() or self.of is folded:
            kept = list(compress(range(len(self.data)), self.data.translate(KEPT)))
            return kept, [at + 1 for at in kept]
        begins: list[int] = []
        ends: list[int] = []
        for part in PARTS.finditer(self.data):
            at = part.start()
            if part[0].isascii():
                kept = list(compress(range(at, part.end()), part[0].translate(KEPT)))
                begins += kept
                ends += [at + 1 for at in kept]
            else:
                for character in _characters(part[0]):
                    length = len(normal(character))
                    begins += [at] * length
                    at += len(character)
                    ends += [at] * length
        return begins, ends


def folded(data: bytes) -> bytes:
    """`data` without case, blanks and what else is dropped, as far as it is ASCII."""
    return data.translate(FOLDED, DROPPED)


def normal(data: bytes) -> bytes:
    """`data` without case, blanks and what else is dropped."""
    if not data.isascii():
        text = data.decode("utf-8", "surrogateescape").upper().casefold()
        data = BLANKS.sub("", text).encode("utf-8", "surrogateescape")
    return folded(data)


def _characters(data: bytes) -> list[bytes]:
    text = data.decode("utf-8", "surrogateescape")
    return [character.encode("utf-8", "surrogateescape") for character in text]


def _least(secret: bytes, of: Callable[[bytes], bytes]) -> int:
    """The fewest bytes that PIECE characters of the secret have in that form, or all of it."""
    each = secret.translate(KEPT) if secret.isascii() else (len(of(c)) for c in _characters(secret))
    ends = [0, *accumulate(each)]
    pieces = [after - before for before, after in zip(ends, ends[PIECE:], strict=False)]
    return max(min(pieces, default=ends[-1]), FEWEST)
