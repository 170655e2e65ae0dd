"""Models of remote objects, and what a field's markers mean to the engine.

A model is a frozen pydantic model. Types and rules say which values are allowed; markers
(core/markers.py) say what a change means. Check, diff and secrecy are read off the model, so no
resource writes them by hand. The order of fields matters in one way. A physical name is seeded by
the replacing fields declared before it, and what is derived may use every field declared before it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from secrets import token_hex
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from palette_backup_provider.core.markers import (
    SEED,
    AutoNamed,
    Computed,
    Derived,
    Local,
    Replaces,
    Secret,
)
from palette_backup_provider.core.sealed import secrets_at
from palette_backup_provider.core.secrets import remember

T = TypeVar("T")

IDENTITY, EXISTING, ADOPT = "identity", "existing", "adopt"
"""Properties that mean the same on every type that has them. The first says whose credentials
manage the object, the second that it is used as it is, the third which object to adopt."""


def matches(pattern: str, says: str) -> AfterValidator:
    """Text must match all of `pattern`; `says` is the rule in words. Not for secrets: it quotes.

    Digits and letters are those of ASCII, as the clouds have it; elsewhere `(?u:...)` says so.
    """
    compiled = re.compile(pattern, re.ASCII)
    return unless(lambda value: not compiled.fullmatch(value), says)


def unless(test: Callable[[str], object], says: str) -> AfterValidator:
    """Text must not pass `test`; `says` is the rule in words. Not for secrets: it quotes."""

    def obeys(value: str) -> str:
        if test(value):
            raise ValueError(f"{value!r} is not allowed: {says}")
        return value

    return AfterValidator(obeys)


class Model(BaseModel):
    """Base of every model: immutable, a misspelt field is an error, secrets stay out of repr."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        defer_build=True,
        hide_input_in_errors=True,
        validate_by_name=True,
        validate_by_alias=True,
    )

    wire_names: ClassVar[Mapping[str, str]] = {}
    """What programs in other languages than Python call a hidden property, if they may give it."""

    def model_post_init(self, _: Any) -> None:
        for name in fields(type(self), Secret):
            remember(getattr(self, name, None))

    @classmethod
    def upgraded(cls, props: Mapping[str, Any]) -> Mapping[str, Any]:
        """What state by earlier code holds, as today's code would have written it."""
        return props

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        hidden = fields(type(self), Secret)
        yield from ((k, v) for k, v in super().__repr_args__() if k not in hidden)


class Owned(Model):
    """A remote object that carries our mark. Pulumi hides properties that begin with `__`."""

    owner: str = Field(alias="__owner", default="")
    """`<organisation>/<project>/<stack>/<logical name>:<hash>`, as engine/owner.py makes it. An
    adapter writes it, never the user."""
    lineage: str = Field(alias="__lineage", default="")
    """The id of the state that manages the object (engine/lineage.py)."""
    made_under: Annotated[str, Derived(), Replaces()] = Field(alias="__made_under", default="")
    """The account, project, subscription or tenant the object was made in."""
    incarnation: Annotated[str, Computed()] = Field(alias="__incarnation", default="")
    """New with every create, also of one that reclaims what an interrupted run made."""
    schema_version: Annotated[int, Computed()] = Field(alias="__schema_version", default=1)
    held_by: Annotated[str | None, Derived()] = None
    """Who holds the object by its mark, if a refresh finds another mark than this state's."""
    sealed: list[list[str]] | None = Field(alias="__sealed", default=None)
    """The paths of fields in which the program gave a secret, though they are not secret by
    themselves. An adapter notes them, as not every call of Pulumi tells it."""

    def model_post_init(self, context: Any) -> None:
        super().model_post_init(context)
        for path in self.sealed or ():
            with suppress(AttributeError, LookupError, TypeError, ValueError):
                remember([*secrets_at(self, path)])

    def with_new_incarnation(self) -> Self:
        """This state with a new incarnation."""
        return self.model_copy(update={"incarnation": token_hex(SEED // 2)})

    @property
    def mark(self) -> str:
        """What the remote object carries; a state by earlier code has no lineage."""
        made_by = f"{self.lineage}." if self.lineage else ""
        return f"{self.owner}@{made_by}{self.incarnation}"

    def remarks(self, have: "Owned") -> bool:
        """Whether the update from `have` writes the mark anew."""
        return have.held_by is not None or have.mark != self.mark

    @property
    def stack(self) -> str:
        """`<organisation>/<project>/<stack>`."""
        return "/".join(self.owner.split("/")[:3])

    @property
    def logical(self) -> str:
        """The name the resource has in the program."""
        return logical_name(self.owner)


class Prerequisite(Owned):
    """Something that a location needs. A program may use an existing object: then it is read, and
    never changed or deleted."""

    existing: bool = False


def is_existing(of: Model | Mapping[str, Any]) -> bool:
    """Whether a state, or properties, are those of an existing object that is used as it is."""
    flag = of.get(EXISTING) if isinstance(of, Mapping) else getattr(of, EXISTING, None)
    return flag is True


class Storage(Prerequisite):
    """What holds the backups of a location, or holds what does."""

    serves: Annotated[dict[str, Any] | None, Local()] = Field(alias="__serves", default=None)
    """The location made along with it, as `engine/together.py` notes it; None if none was."""


def logical_name(owner: str) -> str:
    """The logical name within an owner."""
    return owner.rpartition("/")[2].partition(":")[0]


@cache
def fields(model: type[Model], marker: type) -> frozenset[str]:
    """Names of the fields of `model` that carry a marker of that type."""
    return frozenset(
        name
        for name, info in model.model_fields.items()
        if any(isinstance(m, marker) for m in _markers(info))
    )


def defaults(model: type[Model]) -> dict[str, Any]:
    """The properties that are left out where they have their default, each with that default. What
    tells one kind of a nested model from another is never left out."""
    kept = fields(model, Computed) | fields(model, AutoNamed)
    values = {
        field: info.get_default(call_default_factory=True)
        for field, info in model.model_fields.items()
        if not (field in kept or info.alias or info.is_required() or _tells_kind(info))
    }
    return {field: default for field, default in values.items() if default is not None}


def _tells_kind(info: FieldInfo) -> bool:
    return get_origin(info.annotation) is Literal and len(get_args(info.annotation)) == 1


def marker(model: type[Model], field: str, kind: type[T]) -> T | None:
    """The marker of that type on one field."""
    return next((m for m in _markers(model.model_fields[field]) if isinstance(m, kind)), None)


def _markers(info: FieldInfo) -> Iterator[Any]:
    """The markers of a field, those on a part too: `Sensitive[str] | None` is secret as a whole."""
    yield from info.metadata
    for part in get_args(info.annotation):
        yield from getattr(part, "__metadata__", ())


def property_name(model: type[Model], field: str) -> str:
    """The property that holds `field`."""
    return model.model_fields[field].alias or field


def variant(annotation: Any, props: Any) -> type[Model] | None:
    """The model behind a nested field: its only model, or the model of the kind that `props`
    names."""
    choices = [c for c in (annotation, *get_args(annotation)) if is_model(c)]
    kind = props.get("kind") if isinstance(props, Mapping) else getattr(props, "kind", None)
    return next(
        (c for c in choices if len(choices) == 1 or c.model_fields["kind"].default == kind), None
    )


def properties_with(model: type[Model], *markers: type) -> set[str]:
    """The properties whose field carries a marker of one of those types."""
    return {property_name(model, field) for kind in markers for field in fields(model, kind)}


def is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Model)


def load_unchecked(model: type[Model], props: Mapping[str, Any]) -> Any:
    """A model of what state holds. Today's rules are not asked: old state stays readable.

    Fields that state does not have take their default, or None, and are not in `model_fields_set`.
    What is no longer a field is dropped.
    """
    values = {}
    for name, info in model.model_fields.items():
        value = props.get(info.alias or name, props.get(name))
        if value is None:
            required = info.is_required()
            values[name] = None if required else info.get_default(call_default_factory=True)
        elif isinstance(value, Mapping) and (inner := variant(info.annotation, value)):
            values[name] = load_unchecked(inner, value)
        else:
            values[name] = value
    names = {name for name, info in model.model_fields.items() if {info.alias, name} & props.keys()}
    return model.model_construct(names, **values)
