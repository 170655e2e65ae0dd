"""The types of arguments, as docs/reference writes them."""

from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import is_dataclass
from types import UnionType
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin


def written(annotation: Any) -> str:
    """A type, as a reader knows it."""
    choices = list(parts(annotation))
    if len(choices) > 1:
        return " or ".join(map(written, choices))
    (one,) = choices
    origin, within = get_origin(one), get_args(one)
    if origin is Literal:
        return " or ".join(f"`{value!r}`".replace("'", '"') for value in within)
    if is_dataclass(one):
        return f"[`{name_of(one)}`](#{name_of(one).lower()})"
    if within:
        inner = ", ".join(written(part).strip("`") for part in within)
        return f"`{'dict' if issubclass(origin, Mapping) else 'list'}[{inner}]`"
    return f"`{name_of(one)}`"


def parts(annotation: Any) -> Iterator[Any]:
    """The choices within an annotation, without those that `Input` and `Optional` add."""
    if get_origin(annotation) in (Union, UnionType):
        for part in get_args(annotation):
            yield from parts(part)
    elif annotation is not type(None) and not _deferred(annotation):
        yield annotation


def name_of(kind: Any) -> str:
    """The name of a class, or what stands for a class."""
    return str(getattr(kind, "__name__", kind))


def _deferred(annotation: Any) -> bool:
    """Whether it is one of the two ways in which `Input` takes a value later."""
    return get_origin(annotation) is Awaitable or isinstance(annotation, ForwardRef)
