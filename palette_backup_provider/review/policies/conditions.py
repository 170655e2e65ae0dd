"""Conditions of statements: whether the first set of them is at least as strict as the second."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Test(NamedTuple):
    """One condition: a key of the request, held against values."""

    operator: str
    key: str
    values: tuple[str, ...]


class Unreadable(ValueError):
    """Not what a policy has there."""


def tests(condition: Any) -> frozenset[Test]:
    """The conditions of a statement, which all have to hold. Raise Unreadable for another shape."""
    return frozenset(_tests({} if condition is None else condition))


def stricter(some: frozenset[Test], others: frozenset[Test]) -> bool:
    """Whether `others` are certain to hold for each request for which `some` do."""
    return all(any(_implies(have, wanted) for have in some) for wanted in others)


def _tests(condition: Any) -> Iterator[Test]:
    if not isinstance(condition, Mapping):
        raise Unreadable("a Condition is a map")
    for operator, keys in condition.items():
        if not isinstance(keys, Mapping):
            raise Unreadable(f"the Condition {operator} is a map")
        for key, values in keys.items():
            listed = values if isinstance(values, list) else [values]
            yield Test(str(operator), str(key).lower(), tuple(map(_text, listed)))


def _implies(have: Test, wanted: Test) -> bool:
    if have == wanted:
        return True
    if (have.operator, have.key) != (wanted.operator, wanted.key):
        return False
    if have.operator.lower().startswith("null"):
        return False
    if "not" in have.operator.lower():  # none of the values: the more, the stricter
        return set(wanted.values) <= set(have.values)
    return bool(have.values) and set(have.values) <= set(wanted.values)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
