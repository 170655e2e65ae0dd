"""Models of remote objects, and what a field's markers mean to the engine.

A model is a frozen pydantic model. Types and rules say which values are allowed; markers say
what a change means. Check, diff and secrecy are read off the model, so no resource writes them by
hand. The order of fields matters in one way: a physical name is seeded by the replacing fields
declared before it, and what is derived may use every field declared before it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from secrets import token_hex
from typing import Annotated, Any, Self, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from palette_backup_provider.core.secrets import remember

SEED = 10
"""Hex digits at the end of a made name: 40 bits, so that two stacks never meet by chance."""


@dataclass(frozen=True)
class Replaces:
    """A change to this field replaces the resource."""


@dataclass(frozen=True)
class Secret:
    """This field is encrypted in state and never printed."""


@dataclass(frozen=True)
class Computed:
    """Only the remote API can tell this field; it is unknown until the object is made."""


@dataclass(frozen=True)
class Derived:
    """Check fills this field in from the others (`Handler.derived`), so previews show it."""


@dataclass(frozen=True)
class Kept:
    """Derived once: this field stays until a replacing field before it changes."""


@dataclass(frozen=True)
class Initial:
    """Read when the resource is made; a change to this field later means nothing."""


@dataclass(frozen=True)
class FromSetting:
    """Left out, this field takes the stack's setting of that key; a map is merged with it."""

    key: str


@dataclass(frozen=True)
class Named:
    """A physical name: left out, it is made from the logical name and the fields that replace."""

    limit: int
    separator: str = "-"
    letters: str = "a-z0-9"
    first: str = "a-z0-9"
    within: str = ""
    """The field in whose scope it is unique; empty for all that the credentials reach."""

    def name(self, prefix: str, logical: str, seed: Any) -> str:
        """`<prefix><logical name>-<hex>`, cut and cleaned to what the type allows."""
        digits = sha256(json.dumps(seed, sort_keys=True).encode()).hexdigest()[:SEED]
        slug = re.sub(f"[^{self.letters}]+", self.separator, f"{prefix}{logical}".lower())
        slug = slug[: self.limit - SEED - len(self.separator)].strip("-")
        slug = re.sub(f"^[^{self.first}]+", "", slug)
        return f"{slug or 'backup'}{self.separator}{digits}"


T = TypeVar("T")
Unchangeable = Annotated[T, Replaces()]
Sensitive = Annotated[T, Secret()]


def rule(pattern: str, says: str) -> AfterValidator:
    """Text must match all of `pattern`; `says` is the rule in words. Not for secrets: it quotes."""
    compiled = re.compile(pattern)

    def obeys(value: str) -> str:
        if not compiled.fullmatch(value):
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

    def model_post_init(self, _: Any) -> None:
        for name in fields(type(self), Secret):
            remember(getattr(self, name, None))

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        hidden = fields(type(self), Secret)
        yield from ((k, v) for k, v in super().__repr_args__() if k not in hidden)


class Owned(Model):
    """A remote object that carries our mark. Pulumi hides properties that begin with `__`."""

    owner: str = Field(alias="__owner", default="")
    """`<organisation>/<project>/<stack>/<logical name>:<hash of the types above it>`; written by
    engine/resource.py, never by the user."""
    made_under: Annotated[str, Derived(), Replaces()] = Field(alias="__made_under", default="")
    """The account, project, subscription or tenant the object was made in."""
    incarnation: Annotated[str, Computed()] = Field(alias="__incarnation", default="")
    """New with every create, adoption included: a delete spares what a later create adopted."""
    schema_version: Annotated[int, Computed()] = Field(alias="__schema_version", default=1)

    def born(self) -> Self:
        """This state with a new incarnation."""
        return self.model_copy(update={"incarnation": token_hex(SEED // 2)})

    @property
    def mark(self) -> str:
        """What the remote object carries."""
        return f"{self.owner}@{self.incarnation}"

    def owns(self, mark: str | None) -> bool:
        """Whether an object that carries `mark` was made for this resource, by any run."""
        return bool(self.owner) and (mark or "").rpartition("@")[0] == self.owner

    def same_stack(self, mark: str | None) -> bool:
        """Whether an object that carries `mark` was made by this stack of this project."""
        return bool(self.owner) and (mark or "").split("/")[:3] == self.stack.split("/")

    @property
    def stack(self) -> str:
        """`<organisation>/<project>/<stack>`."""
        return "/".join(self.owner.split("/")[:3])

    @property
    def logical(self) -> str:
        """The name the resource has in the program."""
        return logical(self.owner)


class Prerequisite(Owned):
    """What a location needs and a user may bring: then it is read, and never changed or deleted."""

    existing: bool = False


def logical(owner: str) -> str:
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


def marker(model: type[Model], field: str, kind: type[T]) -> T | None:
    """The marker of that type on one field."""
    return next((m for m in _markers(model.model_fields[field]) if isinstance(m, kind)), None)


def _markers(info: FieldInfo) -> Iterator[Any]:
    """The markers of a field, those on a part too: `Sensitive[str] | None` is secret as a whole."""
    yield from info.metadata
    for part in get_args(info.annotation):
        yield from getattr(part, "__metadata__", ())


def key(model: type[Model], field: str) -> str:
    """The property that holds `field`."""
    return model.model_fields[field].alias or field


def variant(annotation: Any, props: Any) -> type[Model] | None:
    """The model behind a nested field: the only one, or the one of the kind that `props` names."""
    choices = [c for c in (annotation, *get_args(annotation)) if is_model(c)]
    kind = props.get("kind") if isinstance(props, Mapping) else getattr(props, "kind", None)
    return next(
        (c for c in choices if len(choices) == 1 or c.model_fields["kind"].default == kind), None
    )


def is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Model)


def recalled(model: type[Model], props: Mapping[str, Any]) -> Any:
    """A model of what state holds. Today's rules are not asked: old state stays readable.

    Fields that state does not have take their default, or None; what is no longer a field is
    dropped.
    """
    values = {}
    for name, info in model.model_fields.items():
        value = props.get(info.alias or name, props.get(name))
        if value is None:
            required = info.is_required()
            values[name] = None if required else info.get_default(call_default_factory=True)
        elif isinstance(value, Mapping) and (inner := variant(info.annotation, value)):
            values[name] = recalled(inner, value)
        else:
            values[name] = value
    return model.model_construct(**values)
