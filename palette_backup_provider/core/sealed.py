"""What is secret of what a program gives as a secret, in a field that is none by itself."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

KIND = "kind"


def secrets_at(whole: BaseModel, path: Sequence[str]) -> Iterator[object]:
    """What is to be cleared of what stands at a path.

    Of a model it is the texts that a program has to think of. Everybody knows its kind, what is
    chosen from a few words, and defaults; a number or a flag is told by nothing around it.
    """
    field: FieldInfo | None = None
    value: Any = whole
    for step in path:
        if isinstance(value, BaseModel):
            field, value = type(value).model_fields[step], getattr(value, step)
        else:
            value = value[int(step)] if isinstance(value, list) else value[step]
    known: Collection[str] = () if field is None else _choices(field)
    if field and (kinds := {*_kinds(field)}) and path[-1] == KIND:
        known = kinds
    if not (isinstance(value, str) and value in known):
        yield from _parts(value, field)


def _parts(value: Any, field: FieldInfo | None) -> Iterator[object]:
    """What is secret of the value of a field."""
    if isinstance(value, BaseModel):
        for name in value.model_fields_set:
            part, inner = getattr(value, name), type(value).model_fields[name]
            if not (isinstance(part, int | float) or part in (*_choices(inner), inner.default)):
                yield from _parts(part, inner)
    elif field and isinstance(value, Mapping) and (kinds := {*_kinds(field)}):
        yield from _texts(value, kinds)
    else:
        yield value


def _texts(value: Mapping[str, Any], kinds: set[str]) -> Iterator[object]:
    """What is secret of what would be a model, were it of a kind that exists."""
    for name, part in value.items():
        if isinstance(part, Mapping):
            yield from _texts(part, kinds)
        elif not (isinstance(part, int | float) or (name == KIND and part in kinds)):
            yield part


def _choices(field: FieldInfo) -> list[str]:
    """The few words that a field takes; none if it takes any."""
    annotation = field.annotation
    literals = [p for p in (annotation, *get_args(annotation)) if get_origin(p) is Literal]
    return [word for literal in literals for word in get_args(literal)]


def _kinds(field: FieldInfo) -> Iterator[str]:
    """The kinds of the models that a field takes, and of what nests in them; none of no model."""
    for part in (field.annotation, *get_args(field.annotation)):
        if isinstance(part, type) and issubclass(part, BaseModel):
            for name, inner in part.model_fields.items():
                yield from _choices(inner) if name == KIND else _kinds(inner)
