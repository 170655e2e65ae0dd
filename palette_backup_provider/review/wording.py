"""Sentences of a review, in which what comes from outside is set apart.

A name in a sentence stands between two control characters, which no name holds. Each form of the
review shows names in its own way; nothing else of a sentence is anybody's but ours.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from palette_backup_provider.core.text import camel, plain
from palette_backup_provider.review.unknown import UNKNOWN

_BEGIN, _END = "\x02", "\x03"
_NAMES = re.compile(f"{_BEGIN}([^{_END}]*){_END}")
_PROPERTY = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
"""A property of ours, as our own words in a sentence have it."""
LONGEST = 120
"""Characters of a name in a sentence; what is longer loses its middle."""


def name(value: Any, longest: int = LONGEST) -> str:
    """A value from outside, as a part of a sentence."""
    text = plain(shown(value))
    if len(text) > longest:
        text = f"{text[: longest * 2 // 3]}…{text[-longest // 3 :]}"
    return f"{_BEGIN}{text}{_END}"


def names(values: Iterable[Any], most: int = 6) -> str:
    """Several of them, the first few in full."""
    listed = list(dict.fromkeys(shown(value) for value in values))
    rest = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(map(name, listed[:most])) + rest


def shown(value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(value, str):
        return "not known yet" if value in UNKNOWN else value
    return json.dumps(_known(value), sort_keys=True, ensure_ascii=False)


def parts(sentence: str) -> Iterator[tuple[bool, str]]:
    """The pieces of a sentence, and of each whether it is a name."""
    for number, piece in enumerate(_NAMES.split(sentence)):
        if piece:
            yield bool(number % 2), piece


def bare(sentence: str) -> str:
    """A sentence as plain text."""
    return "".join(piece for _, piece in parts(sentence))


def in_camel(sentence: str) -> str:
    """A sentence with the properties of ours as the plugin's schema spells them."""
    return "".join(
        f"{_BEGIN}{piece}{_END}" if is_name else _PROPERTY.sub(lambda match: camel(match[0]), piece)
        for is_name, piece in parts(sentence)
    )


def _known(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _known(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_known(one) for one in value]
    return "not known yet" if isinstance(value, str) and value in UNKNOWN else value
