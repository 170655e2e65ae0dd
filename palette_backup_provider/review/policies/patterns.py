"""Patterns of actions and resources: whether all that the first matches is matched by the second.

A pattern is read into symbols. A character stands for itself, `ANY` for any text, and `ONE` for any
character. A variable, `${…}`, stands for a text that only the request tells.
"""

import re
from functools import cache

ANY, ONE = "any", "one"
_VARIABLE = re.compile(r"\$\{([^{}]*)\}", re.DOTALL)
_LITERAL = ("*", "?", "$")
Pattern = tuple[str, ...]


@cache
def parsed(text: str, *, variables: bool, fold: bool) -> Pattern:
    """The symbols of a pattern.

    `variables` says whether `${…}` is a variable or plain text. `fold` says whether upper and lower
    case are the same.
    """
    symbols: list[str] = []
    at = 0
    while at < len(text):
        if variables and (variable := _VARIABLE.match(text, at)):
            symbols.append(variable[1] if variable[1] in _LITERAL else variable[0])
            at = variable.end()
            continue
        letter = text[at]
        symbols.append({"*": ANY, "?": ONE}.get(letter, letter.lower() if fold else letter))
        at += 1
    return tuple(symbols)


def has_variable(pattern: Pattern) -> bool:
    """Whether a part of it depends on the request."""
    return any(symbol.startswith("${") for symbol in pattern)


@cache
def within(some: Pattern, other: Pattern) -> bool:
    """Whether every text that `some` matches is certain to be matched by `other`."""
    reached = _past_any({0}, other)
    for symbol in some:
        step: set[int] = set()
        for n in reached:
            if n < len(other) and other[n] == ANY:
                step.add(n)
            elif n < len(other) and _matches(other[n], symbol):
                step.add(n + 1)
        reached = _past_any(step, other)
    return len(other) in reached


@cache
def apart(some: Pattern, other: Pattern) -> bool:
    """Whether it is certain that no text is matched by both."""
    some, other = (tuple(ANY if s.startswith("${") else s for s in p) for p in (some, other))
    seen: set[tuple[int, int]] = set()
    waiting = [(0, 0)]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        i, j = here
        if i == len(some) and j == len(other):
            return False
        a = some[i] if i < len(some) else None
        b = other[j] if j < len(other) else None
        if a == ANY:
            waiting.append((i + 1, j))
            if b is not None:
                waiting.append((i, j + 1))
        if b == ANY:
            waiting.append((i, j + 1))
            if a is not None:
                waiting.append((i + 1, j))
        if a and b and ANY not in (a, b) and (ONE in (a, b) or a == b):
            waiting.append((i + 1, j + 1))
    return True


def _matches(wanted: str, symbol: str) -> bool:
    return wanted == symbol or (wanted == ONE and (len(symbol) == 1 or symbol == ONE))


def _past_any(reached: set[int], other: Pattern) -> set[int]:
    positions = set(reached)
    for n in reached:
        while n < len(other) and other[n] == ANY:
            n += 1
            positions.add(n)
    return positions
