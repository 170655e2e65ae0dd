"""The shape of a model on the wire, and names of properties from one spelling to the other.

On the wire a property has a camelCase name, which programs in other languages than Python write.
The keys of a user's own maps are never changed.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from palette_backup_provider.core.markers import Secret
from palette_backup_provider.core.model import Model, fields, is_model, property_name
from palette_backup_provider.core.text import camel
from palette_backup_provider.engine.properties import ENGINE, Props

Path = tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """What the wire needs of a model. To ask pydantic with every message doubles a refresh."""

    wire: Mapping[str, str]
    """The name on the wire of each property."""
    own: Mapping[str, str]
    """The property of each name on the wire."""
    secret: frozenset[str]
    """The properties that the model marks secret."""
    nested: Mapping[str, Mapping[str | None, type[Model]]]
    """The models of nested properties by their kind; None is the kind of an only one."""
    foreign: frozenset[str]
    """The names that the dynamic adapter alone writes."""

    def inner(self, name: str, kind: str | None) -> type[Model] | None:
        """The model of a nested property, whose value is of that kind."""
        choices = self.nested.get(name, {})
        return choices.get(None) or choices.get(kind)

    def below(self, name: str, props: Any) -> tuple["Shape | None", Any]:
        """The shape and the properties of what is nested there."""
        inside = props.get(name) if isinstance(props, Mapping) else None
        model = self.inner(name, kind_of(inside))
        return (shape_of(model) if model else None), inside


@cache
def shape_of(model: type[Model]) -> Shape:
    """The shape of a model."""
    names = {name: property_name(model, name) for name in model.model_fields}
    wire = {name: model.wire_names.get(name, camel(name)) for name in names.values()}
    nested: dict[str, dict[str | None, type[Model]]] = {}
    for field_name, name in names.items():
        models = models_in(model.model_fields[field_name].annotation)
        if len(models) == 1:
            nested[name] = {None: models[0]}
        elif models:
            nested[name] = {one.model_fields["kind"].default: one for one in models}
    return Shape(
        wire,
        {wire_name: name for name, wire_name in wire.items()},
        frozenset(names[name] for name in fields(model, Secret)),
        nested,
        frozenset(ENGINE | {name for name, wire_name in wire.items() if name != wire_name}),
    )


def models_in(annotation: Any) -> list[type[Model]]:
    """The models that a value of this type can be."""
    if is_model(annotation):
        return [annotation]
    return [model for part in get_args(annotation) for model in models_in(part)]


def in_python(models: Mapping[str | None, type[Model]], value: Any) -> Any:
    """A nested value by the plugin with the names of the model that it is of."""
    model = models.get(None) or models.get(kind_of(value))
    if model is None or not isinstance(value, Mapping):
        return value
    shape = shape_of(model)
    names = {wire_name: shape.own.get(wire_name, wire_name) for wire_name in value}
    return {
        name: in_python(shape.nested.get(name, {}), value[wire_name])
        for wire_name, name in names.items()
    }


def on_wire(model: type[Model] | None, props: Mapping[str, Any]) -> dict[str, Any]:
    """`props` with the names on the wire, those of nested models too."""
    if model is None:
        return dict(props)
    shape = shape_of(model)
    return {
        shape.wire.get(name, name): on_wire(shape.inner(name, kind_of(value)), value)
        if isinstance(value, Mapping)
        else value
        for name, value in props.items()
    }


def path_on_wire(model: type[Model], path: str) -> str:
    """The path of a property with the names on the wire. Below a property that can be of many
    models, that of any: they do not differ in how a name is spelled."""
    models, parts = [model], re.split(r'([^.\[\]"]+)', path)  # what parts two names, a name, ...
    for place, name in list(enumerate(parts))[1::2]:
        shapes = [shape for shape in map(shape_of, models) if name in shape.wire]
        if not shapes:
            break
        parts[place] = shapes[0].wire[name]
        models = [one for shape in shapes for one in shape.nested.get(name, {}).values()]
    return "".join(parts)


def names_beside(model: type[Model], path: str, props: Props) -> Collection[str]:
    """The names that the schema has where the last step of a path is."""
    shape: Shape | None = shape_of(model)
    for step in path.split(".")[:-1]:
        shape, props = shape.below(step, props) if shape else (None, {})
    return [name for name in shape.own if not name.startswith("__")] if shape else ()


def is_secret(model: type[Model], path: Path, props: Props) -> bool:
    """Whether the model itself marks what stands at `path`."""
    shape: Shape | None = shape_of(model)
    for step in path:
        if shape is None:
            return False
        if step in shape.secret:
            return True
        shape, props = shape.below(step, props)
    return False


def kind_of(props: Any) -> str | None:
    """What tells one kind of a nested value from another."""
    kind = props.get("kind") if isinstance(props, Mapping) else None
    return kind if isinstance(kind, str) else None
