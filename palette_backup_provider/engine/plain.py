"""Arguments for which no Output can stand, since a component decides by them what it makes.

Their hints have no Output. Of whole Args that is so too, but those are only handed on.
"""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from inspect import isawaitable
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pulumi import Output
from pydantic import TypeAdapter, ValidationError

from palette_backup_provider.core.compare import readable
from palette_backup_provider.engine.given import of_programs

NEEDED = (
    "needs a value that is known now, as it decides what is made. Give the value itself, such as "
    "one of the stack's config: neither an output of a resource nor a secret."
)


def is_plain(hint: Any) -> bool:
    """Whether no Output can stand for an argument of that hint."""
    return not any(of_programs(one) or is_dataclass(one) for one in _choices(hint))


def plainly(spec: dict[str, Any], hint: Any) -> dict[str, Any]:
    """What the schema says of an argument, and of the items of one, for which no Output can stand.
    Any other stays as it is."""
    if not is_plain(hint):
        return spec
    items = [plainly(spec["items"], item) for item in _items(hint)]
    return {**spec, **({"items": items[0]} if items else {}), "plain": True}


def read_plain(args: Any) -> tuple[Any, list[tuple[str, str]]]:
    """`args` with plain arguments of the types of their hints, and what is wrong with the others.

    The text `false` is no, as it is in the inputs of resources: to Python it would be yes.
    """
    read: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    for field in fields(args):
        value = getattr(args, field.name)
        if value is None or not is_plain(field.type):
            continue
        if _waits(value, field.type):
            wrong.append((field.name, NEEDED))
            continue
        try:
            read[field.name] = TypeAdapter(_known(field.type)).validate_python(value)
        except ValidationError as error:
            wrong.append((field.name, readable(error.errors(include_input=False)[0])))
    return replace(args, **read), wrong


def _known(hint: Any) -> Any:
    """The hint, with anything for the items of a list: whom they are given to judges them."""
    return Union[tuple(list[Any] if _items(one) else one for one in _choices(hint))]  # noqa: UP007


def _waits(value: Any, hint: Any) -> bool:
    if not is_plain(hint):
        return False
    if isinstance(value, Output) or isawaitable(value):
        return True
    several = isinstance(value, Sequence) and not isinstance(value, str)
    return several and any(_waits(one, item) for item in _items(hint) for one in value)


def _items(hint: Any) -> list[Any]:
    """The hint of the items of a list."""
    lists = [one for one in _choices(hint) if get_origin(one) is Sequence]
    return [get_args(one)[0] for one in lists]


def _choices(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
