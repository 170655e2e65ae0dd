"""What an inventory may hold, read off the arguments of the components.

The models serve three ends: they judge a file, they are its JSON schema, and they tell an editor
what an argument means.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache, reduce
from operator import or_
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, create_model

from palette_backup_provider.components.location import LocationArgs
from palette_backup_provider.core.settings import SECRET
from palette_backup_provider.engine.docstrings import described
from palette_backup_provider.engine.given import args_type_of, of_programs, required
from palette_backup_provider.engine.shared_args import RotationArgs
from palette_backup_provider.fleet.clouds import Cloud, clouds
from palette_backup_provider.fleet.document import Where

EVERY = "all"
"""The defaults of locations on every cloud."""
PLACED = frozenset({"project", "scope"})
"""Arguments that the place of a location in the inventory stands for."""
IDENTITY = "One of `identities`. Default: the credentials of the stack."


class Section(BaseModel):
    """A part of an inventory. YAML has types, so no value is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True, frozen=True)


class Config(Section):
    """A secret, which an inventory names and never holds."""

    secret: str = Field(
        description="The key of the stack's config: `pulumi config set --secret KEY`."
    )


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Project = Annotated[str, StringConstraints(min_length=1, pattern=r"^[\s\S]*$")]


@cache
def inventory() -> type[BaseModel]:
    """The model of a whole inventory."""
    locations = _map(Name, _one_of("Location", _location))
    identities = _map(Name, _one_of("Identity", _identity))
    return create_model(
        "Inventory",
        __base__=Section,
        projects=_field(_map(Project, locations | None), "Locations of Palette's projects."),
        tenant=_field(locations, "Locations of the tenant."),
        identities=_field(identities, "Who signs in to a cloud, by a name of yours."),
        defaults=_field(_defaults(), "Arguments that locations share; their own come first."),
    )


def _map(name: Any, kind: Any) -> Any:
    """A map with such names alone; what no pattern fits, pydantic leaves open in the schema."""
    return Annotated[dict[name, kind], Field(json_schema_extra={"additionalProperties": False})]


def _one_of(title: str, model: Any) -> Any:
    """A choice of models, which `cloud` makes."""
    choices = [model(cloud) for cloud in clouds().values()]
    return Annotated[reduce(or_, choices), Field(discriminator="cloud", title=title)]


def _defaults() -> type[BaseModel]:
    every = {**_arguments(LocationArgs), **_arguments(RotationArgs)}
    sections: dict[str, Any] = {EVERY: create_model("Defaults for all", __base__=Section, **every)}
    for cloud in clouds().values():
        name = f"Defaults for {cloud.name}"
        sections[cloud.name] = create_model(
            name, __base__=Section, **_arguments(args_type_of(cloud.component))
        )
    properties = {name: _field(model, model.__name__) for name, model in sections.items()}
    return create_model("Defaults", __base__=Section, **properties)


def _location(cloud: Cloud) -> type[BaseModel]:
    kind: Any = Literal[cloud.name]
    name = f"Location on {cloud.name}"
    return create_model(
        name, __base__=Section, cloud=(kind, ...), **_arguments(args_type_of(cloud.component))
    )


def _identity(cloud: Cloud) -> type[BaseModel]:
    kind: Any = Literal[cloud.name]
    name = f"Identity on {cloud.name}"
    return create_model(
        name,
        __base__=_model(cloud.identity),  # type: ignore[arg-type]
        cloud=(kind, ...),
    )


def _arguments(args: type[Any]) -> dict[str, Any]:
    """The arguments of a location. None is required: a default may give it."""
    arguments = {name: one for name, one in _fields(args).items() if name not in PLACED}
    if "identity" in arguments:
        arguments["identity"] = (str | None, Field(default=None, description=IDENTITY))
    return {
        name: (kind, Field(None, description=one.description))
        for name, (kind, one) in arguments.items()
    }


@cache
def _model(args: type[Any]) -> type[BaseModel]:
    """The model of Args that are nested in others."""
    return create_model(args.__name__, __base__=Section, **_fields(args))


def _fields(args: type[Any]) -> dict[str, Any]:
    texts = described(args)
    return {
        field.name: (
            (Config | None if not required(field) else Config)
            if SECRET.search(field.name)
            else _plain(field.type),
            Field(... if required(field) else None, description=texts[field.name]),
        )
        for field in fields(args)
    }


def _plain(annotation: Any) -> Any:
    """The type without what a program alone can give: of `Input[str]`, `str`."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        alternatives = [part for part in parts if not of_programs(part)]
        return reduce(or_, map(_plain, alternatives))
    if is_dataclass(annotation):
        return _model(annotation)  # type: ignore[arg-type]
    if origin is Sequence or origin is Mapping:
        kind: Any = list if origin is Sequence else dict
        return kind[tuple(map(_plain, parts))]
    return annotation


def _field(kind: Any, description: str) -> Any:
    return kind | None, Field(None, description=description)


def keys(data: Any, where: Where) -> list[str]:
    """The keys that a section of an inventory may have."""
    kind: Any = inventory()
    for step in where:
        data = data[step]
        inner = (
            get_args(kind)[1] if get_origin(kind) is dict else kind.model_fields[step].annotation
        )
        kind = _chosen(inner, data)
    return list(kind.model_fields)


def _chosen(annotation: Any, data: Any) -> Any:
    """The model or map that an annotation such as `A | B | None` means for `data`."""
    if get_origin(annotation) is Annotated:
        return _chosen(get_args(annotation)[0], data)
    if get_origin(annotation) not in (Union, UnionType):
        return annotation
    choices = [choice for choice in get_args(annotation) if choice is not NoneType]
    if len(choices) == 1:
        return _chosen(choices[0], data)
    return next(
        choice
        for choice in choices
        if data["cloud"] in get_args(choice.model_fields["cloud"].annotation)
    )
