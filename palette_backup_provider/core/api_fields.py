"""Fields of state as an API has them in its JSON: each declared once, read and written alike."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from palette_backup_provider.core.model import Model


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class ApiField:
    """A field of state, and its place in the JSON of an API."""

    name: str
    path: str
    """The keys that lead to the value, with dots between them."""
    absent: Any = None
    """The value that the API means if it leaves the key out."""
    read: Callable[[Any], Any] = _as_it_is
    """Turns the API's value into state's."""
    write: Callable[[Any], Any] = _as_it_is
    """Turns state's value into the API's."""
    fixed: bool = False
    """Whether only the request that makes the object may have it."""


def read(fields: Iterable[ApiField], answer: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of state that `answer` shows."""
    return {field.name: field.read(_value(answer, field)) for field in fields}


def body(fields: Iterable[ApiField], want: Model, *, new: bool) -> dict[str, Any]:
    """The request that makes an object (`new`) what `want` says, or changes it."""
    request: dict[str, Any] = {}
    for field in fields:
        if new or not field.fixed:
            *above, key = field.path.split(".")
            part = request
            for step in above:
                part = part.setdefault(step, {})
            part[key] = field.write(getattr(want, field.name))
    return request


def _value(answer: Mapping[str, Any], field: ApiField) -> Any:
    *above, key = field.path.split(".")
    for step in above:
        answer = answer.get(step) or {}
    return answer.get(key, field.absent)
