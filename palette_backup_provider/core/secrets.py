"""The secrets this process knows, and text cleared of them."""

import json

SHORTEST = 6
"""Shorter values would blot out ordinary words; no credential we handle is as short."""

LONGEST_BODY = 256

_known: set[str] = set()


def remember(value: object) -> None:
    """Have text `value` cleared from every error and message from now on, also where quoted."""
    if isinstance(value, str) and len(value) >= SHORTEST:
        _known.update((value, repr(value)[1:-1], json.dumps(value)[1:-1]))


def cleared(text: str) -> str:
    """`text` without any secret this process knows; the longest first, as one may hold another."""
    for value in sorted(_known, key=len, reverse=True):
        text = text.replace(value, "[secret]")
    return text


def excerpt(body: str) -> str:
    """The start of an answer that is not understood, on one line and cleared."""
    line = " ".join(cleared(body).split())
    return line if len(line) <= LONGEST_BODY else f"{line[:LONGEST_BODY]}…"
