"""Pulumi's schema of types, read off models, arguments and docstrings.

A nested type has the properties of its model, and the name and the texts of its Args, which a
program knows it by. The schema has no defaults, since check fills them in, and an SDK would write
them into every program's inputs.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields as args_fields
from dataclasses import is_dataclass
from inspect import cleandoc, signature
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pulumi import Output

from palette_backup_provider.core.markers import Replaces, Secret
from palette_backup_provider.core.model import Model, is_model, marker, property_name
from palette_backup_provider.core.text import camel
from palette_backup_provider.engine.docstrings import BESIDES, OUTPUTS, described, summary
from palette_backup_provider.engine.given import args_type_of, nested, of_programs, required
from palette_backup_provider.engine.owner import PACKAGE
from palette_backup_provider.engine.plain import plainly
from palette_backup_provider.engine.shape import models_in, shape_of

Spec = dict[str, Any]
RESULT = "result"
"""What an answer is called that is no object."""
_PLAIN = {str: "string", bool: "boolean", int: "integer", float: "number"}
_ANY: Spec = {"$ref": "pulumi.json#/Any"}


class SchemaTypes:
    """The types of a schema, as resources and components need them.

    `spell` brings a text to the names that the schema has.
    """

    def __init__(self, kinds: Iterable[Any], spell: Callable[[str], str]) -> None:
        self._spell = spell
        self._args = {
            model: args
            for kind in kinds
            for model, args in _pairs(kind.handler.state_type, args_type_of(kind))
        }
        self._models = {args: model for model, args in self._args.items()}
        self.found: dict[str, Spec] = {}

    def resource(self, kind: Any) -> Spec:
        """A resource type."""
        state, args = kind.handler.state_type, args_type_of(kind)
        names = {
            field: shape_of(state).wire[property_name(state, field)] for field in state.model_fields
        }
        shown = {field: name for field, name in names.items() if not name.startswith("__")}
        texts = described(args) | {camel(n): text for n, text in _besides(state).items()}
        properties = {
            name: self._property(state, field, texts.get(field) or texts.get(name))
            for field, name in shown.items()
        }
        inputs = [field for field in args_fields(args) if field.name in shown]
        input_names = [*(shown[field.name] for field in inputs), *state.wire_names.values()]
        return {
            "description": self._description(kind, args),
            "properties": properties,
            "required": [name for field, name in shown.items() if not _optional(state, field)],
            "inputProperties": {name: properties[name] for name in input_names},
            "requiredInputs": [shown[field.name] for field in inputs if required(field)],
            "aliases": [{"type": f"pulumi-python:dynamic/{kind.token}"}],
        }

    def component(self, kind: Any) -> Spec:
        """A component."""
        args = args_type_of(kind)
        hints = {name: get_args(hint)[0] for name, hint in kind.__annotations__.items()}
        outputs = {name: hint for name, hint in hints.items() if not name.startswith("_")}
        told, asked = described(kind, OUTPUTS), described(args)
        return {
            "isComponent": True,
            "description": self._description(kind, args),
            "properties": {
                camel(name): self._typed(hint, kind, name, told.get(name))
                for name, hint in outputs.items()
            },
            "required": [camel(n) for n, hint in outputs.items() if NoneType not in get_args(hint)],
            "inputProperties": {
                camel(one.name): plainly(
                    self._typed(one.type, kind, one.name, asked.get(one.name)), one.type
                )
                for one in args_fields(args)
            },
            "requiredInputs": [camel(field.name) for field in args_fields(args) if required(field)],
        }

    def function(self, function: Callable[..., Any]) -> Spec:
        """A function. Its answer is an object: a dataclass as it is, and anything else in one."""
        read = signature(function)
        answer: Any = read.return_annotation
        parameters, outputs, texts = read.parameters.values(), {RESULT: answer}, dict[str, str]()
        if isinstance(answer, type) and is_dataclass(answer):
            outputs, texts = {one.name: one.type for one in args_fields(answer)}, described(answer)
        hints = {one.name: one.annotation for one in parameters}
        needed = [one.name for one in parameters if one.default is one.empty]
        return {
            "description": self._spell(cleandoc(function.__doc__ or "")),
            "inputs": self._named(function, hints, needed, {}),
            "outputs": self._named(function, outputs, outputs, texts),
        }

    def of(self, hint: Any) -> Spec:
        """The type of a hint."""
        return self._type(hint, "")

    def _named(
        self, place: Any, hints: Mapping[str, Any], needed: Iterable[str], texts: Mapping[str, str]
    ) -> Spec:
        return {
            "properties": {
                camel(name): self._typed(hint, place, name, texts.get(name))
                for name, hint in hints.items()
            },
            "required": list(map(camel, needed)),
        }

    def _description(self, kind: Any, args: Any) -> str:
        _, *more = summary(args).split("\n\n")
        return self._spell("\n\n".join([summary(kind, OUTPUTS), *more]))

    def _property(self, model: type[Model], name: str, text: str | None) -> Spec:
        annotation = model.model_fields[name].annotation
        spec = self._typed(annotation, self._args.get(model, model), name, text)
        if marker(model, name, Secret):
            spec["secret"] = True
        if marker(model, name, Replaces):
            spec["willReplaceOnChanges"] = True  # `replaceOnChanges` would act, in the engine
        return spec

    def _typed(self, hint: Any, kind: Any, name: str, text: str | None) -> Spec:
        """The type of the field `name` of `kind`, with what is said of the field."""
        spec = self._type(hint, _place(kind, name))
        return {**spec, "description": self._spell(text)} if text else dict(spec)

    def _type(self, hint: Any, place: str) -> Spec:
        origin, parts = get_origin(hint), get_args(hint)
        if origin in (Annotated, Output):
            return self._type(parts[0], place)
        if origin is Literal:
            return self._enum(parts, place)
        if origin in (Union, UnionType):
            return self._choice(parts, place)
        if hint in _PLAIN:
            return {"type": _PLAIN[hint]}
        if is_model(hint) or is_dataclass(hint):
            return {"$ref": self._object(hint)}
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self._type(parts[1], place)}
        if isinstance(origin, type) and issubclass(origin, Sequence):
            return {"type": "array", "items": self._type(parts[0], place)}
        return _ANY

    def _choice(self, parts: Sequence[Any], place: str) -> Spec:
        alternatives = [one for one in parts if one is not NoneType and not of_programs(one)]
        if len(alternatives) == 1:
            return self._type(alternatives[0], place)
        kinds = [one for part in alternatives for one in (nested(part) or models_in(part))]
        if not kinds:
            return {"oneOf": [self._type(part, place) for part in alternatives]}
        mapping = {_kind(self._model(one)): self._object(one) for one in kinds}
        choice = [{"$ref": ref} for ref in mapping.values()]
        return {"oneOf": choice, "discriminator": {"propertyName": "kind", "mapping": mapping}}

    def _enum(self, values: Sequence[str], place: str) -> Spec:
        if len(values) == 1:
            return {"type": "string", "const": values[0]}
        self.found[place] = {"type": "string", "enum": [{"value": value} for value in values]}
        return {"$ref": f"#/types/{place}"}

    def _object(self, kind: Any) -> str:
        """The reference to the type of a model or Args."""
        model = self._model(kind)
        args = self._args[model]
        token = _place(args)
        if token not in self.found:
            texts, arguments = described(args), {field.name for field in args_fields(args)}
            names = [name for name in model.model_fields if name in arguments]
            needed = (n for n in names if n == "kind" or model.model_fields[n].is_required())
            self.found[token] = {
                "type": "object",
                "description": self._spell(summary(args)),
                "properties": {
                    camel(name): self._property(model, name, texts.get(name)) for name in names
                },
                "required": list(map(camel, needed)),
            }
        return f"#/types/{token}"

    def _model(self, kind: Any) -> type[Model]:
        model: type[Model] = self._models.get(kind, kind)
        return model


def _pairs(model: type[Model], args: Any) -> Iterator[tuple[type[Model], Any]]:
    """Each model that nests in `model`, with the Args that a program gives for it."""
    for field in args_fields(args):
        below = models_in(model.model_fields[field.name].annotation)
        for kind in nested(field.type):
            inner = below[0] if len(below) == 1 else _of_kind(below, kind)
            yield inner, kind
            yield from _pairs(inner, kind)


def _place(kind: Any, field: str = "") -> str:
    """The token of the type that stands for `kind`, or for the values of one of its fields."""
    _, room, service, *_ = kind.__module__.split(".")
    module = service if room == "resources" else "index"
    parts = (*kind.__name__.removesuffix("State").split("_"), *field.split("_"))
    return f"{PACKAGE}:{module}:{''.join(part[:1].upper() + part[1:] for part in parts)}"


def _besides(state: type[Model]) -> dict[str, str]:
    """What is said of the hidden properties that programs in other languages give."""
    return {n: text for kind in state.__mro__ for n, text in described(kind, BESIDES).items()}


def _of_kind(models: Iterable[type[Model]], args: Any) -> type[Model]:
    """The model of the same kind as `args`."""
    kind = args.__dataclass_fields__["kind"].default
    return next(model for model in models if _kind(model) == kind)


def _kind(model: type[Model]) -> str:
    return str(model.model_fields["kind"].default)


def _optional(model: type[Model], name: str) -> bool:
    return NoneType in get_args(model.model_fields[name].annotation)
