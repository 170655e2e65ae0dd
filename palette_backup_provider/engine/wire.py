"""Pulumi's wire format and our property bags, told apart by the model.

On the wire a property has a camelCase name, and secrets and unknowns are marked values. In a bag a
property has the model's own name and a plain value, and sets of paths say what is marked. Reading
takes both spellings, so that state by the dynamic adapter is read as it is. The keys of a user's
own maps are never changed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from google.protobuf.struct_pb2 import NULL_VALUE, Struct, Value
from pulumi.runtime import rpc

from palette_backup_provider.core.model import Model
from palette_backup_provider.engine.properties import ENGINE, SEALED, Props
from palette_backup_provider.engine.shape import Path, kind_of, shape_of

_MARK = rpc._special_sig_key
_SECRET, _OUTPUT = rpc._special_secret_sig, rpc._special_output_value_sig
_UNKNOWNS = frozenset(
    {
        rpc.UNKNOWN,  # of text; the engine has one more for each other type of value
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


@dataclass(frozen=True)
class Bag:
    """Properties as the lifecycle takes them, and what the wire says about their values."""

    props: Props = field(default_factory=dict)
    unknown: set[Path] = field(default_factory=set)
    """What has no value yet. A list with such a part has no value yet, either."""
    secret: set[Path] = field(default_factory=set)
    """What is marked secret. A list with such a part is secret itself."""

    @property
    def waiting(self) -> set[str]:
        """The paths of `unknown`, as the lifecycle takes them."""
        return {".".join(path) for path in self.unknown}

    @property
    def secrets(self) -> list[Any]:
        """The values that are marked secret. Numbers and switches are left out: as they stand in
        most texts, clearing them would tell nobody less."""
        found = [_only_texts(reduce(_below, path, self.props)) for path in sorted(self.secret)]
        return [value for value in found if value]


def read(model: type[Model] | None, message: Struct) -> Bag:
    """What the wire holds of a resource whose state is a `model`, or of no model."""
    bag = Bag()
    bag.props.update(_read_map(model, message, (), bag))
    return bag


def write(model: type[Model], props: Props, unknown: Iterable[Path] = ()) -> Struct:
    """`props` for the wire, with what is unknown, and sealed where they or the model say so."""
    paths = {tuple(path) for path in props.get(SEALED) or ()}
    message = Struct()
    _Writer(frozenset(unknown), paths).write_map(message, model, props, ())
    return message


def is_foreign(model: type[Model], message: Struct) -> bool:
    """Whether the dynamic adapter wrote the message."""
    return not message.fields.keys().isdisjoint(shape_of(model).foreign)


def plain(value: Value) -> Any:
    """What a value of no model holds; None where it holds nothing, or nothing yet."""
    return _read_value(None, value, (), Bag())


def sealed(value: Value) -> Value:
    """That value, marked secret."""
    if _mark(value.struct_value) == _SECRET:
        return value
    secret = Value()
    secret.struct_value.fields[_MARK].string_value = _SECRET
    secret.struct_value.fields["value"].CopyFrom(value)
    return secret


def _below(whole: Any, step: str) -> Any:
    """A part of a map; None where a null, or what is unknown, has none."""
    return whole.get(step) if isinstance(whole, Mapping) else None


def _only_texts(value: Any) -> Any:
    """What `value` has of text, within the lists and maps where it stands."""
    if isinstance(value, Mapping):
        parts = {name: _only_texts(one) for name, one in value.items()}
        return {name: one for name, one in parts.items() if one}
    if isinstance(value, list):
        return [one for one in map(_only_texts, value) if one]
    return value if isinstance(value, str) else None


def _read_map(model: type[Model] | None, message: Struct, path: Path, bag: Bag) -> Props:
    shape, props = shape_of(model) if model else None, {}
    for wire_name, value in message.fields.items():
        name = shape.own.get(wire_name, wire_name) if shape else wire_name
        if name in ENGINE:
            continue
        inner = shape.inner(name, _kind_on_wire(value)) if shape and name in shape.nested else None
        here = (*path, name)
        content = _read_value(inner, value, here, bag)
        if content is not None and here not in bag.unknown:
            props[name] = content
    return props


def _read_value(model: type[Model] | None, value: Value, path: Path, bag: Bag) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        if value.string_value not in _UNKNOWNS:
            return value.string_value
        bag.unknown.add(path)
    elif kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    elif kind == "bool_value":
        return value.bool_value
    elif kind == "list_value":
        return _read_list(value, path, bag)
    elif kind == "struct_value":
        return _read_struct(model, value.struct_value, path, bag)
    return None


def _read_struct(model: type[Model] | None, message: Struct, path: Path, bag: Bag) -> Any:
    mark = _mark(message)
    if mark not in (_SECRET, _OUTPUT):
        return _read_map(model, message, path, bag)
    if mark == _SECRET or ("secret" in message.fields and message.fields["secret"].bool_value):
        bag.secret.add(path)
    if "value" in message.fields:
        return _read_value(model, message.fields["value"], path, bag)
    bag.unknown.add(path)
    return None


def _read_list(value: Value, path: Path, bag: Bag) -> list[Any]:
    below = Bag()
    items = [_read_value(None, element, path, below) for element in value.list_value.values]
    bag.unknown.update({path} if below.unknown else ())
    bag.secret.update({path} if below.secret else ())
    return items


def _mark(message: Struct) -> str:
    return message.fields[_MARK].string_value if _MARK in message.fields else ""


def _kind_on_wire(value: Value) -> str | None:
    message = value.struct_value
    while _mark(message) in (_SECRET, _OUTPUT) and "value" in message.fields:
        message = message.fields["value"].struct_value
    kind = plain(message.fields["kind"]) if "kind" in message.fields else None
    return kind if isinstance(kind, str) else None


@dataclass(frozen=True)
class _Writer:
    """Fills one message; a property without a value is there if it is unknown."""

    unknown: frozenset[Path]
    sealed: Collection[Path]

    def write_map(
        self, message: Struct, model: type[Model] | None, props: Mapping[str, Any], path: Path
    ) -> None:
        shape = shape_of(model) if model else None
        depth = len(path)
        waiting = {
            unknown_path[depth]
            for unknown_path in self.unknown
            if len(unknown_path) > depth and unknown_path[:depth] == path
        }
        for name in dict.fromkeys([*props, *sorted(waiting)]):
            value, here = props.get(name), (*path, name)
            at = message.fields[shape.wire.get(name, name) if shape else name]
            secret = here in self.sealed or (shape is not None and name in shape.secret)
            if secret and value is not None and here not in self.unknown:
                at.struct_value.fields[_MARK].string_value = _SECRET
                at = at.struct_value.fields["value"]
            inner = shape.inner(name, kind_of(value)) if shape and name in shape.nested else None
            self._write_value(at, inner, value, here, below=name in waiting)

    def _write_value(
        self, at: Value, model: type[Model] | None, value: Any, path: Path, *, below: bool = False
    ) -> None:
        if path in self.unknown:
            at.string_value = rpc.UNKNOWN
        elif isinstance(value, Mapping) or (value is None and below):
            at.struct_value.SetInParent()
            self.write_map(at.struct_value, model, value or {}, path)
        elif value is None:
            at.null_value = NULL_VALUE
        elif isinstance(value, bool):
            at.bool_value = value
        elif isinstance(value, int | float):
            at.number_value = value
        elif isinstance(value, str):
            at.string_value = value
        else:
            at.list_value.SetInParent()
            for item in value:
                self._write_value(at.list_value.values.add(), None, item, path)
