"""What is said of a model's fields: what a change to one means, and who fills it in."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, TypeVar

SEED = 10
"""Hex digits at the end of a made name: 40 bits, so that two stacks never meet by chance."""


@dataclass(frozen=True)
class Replaces:
    """A change to this field replaces the resource."""


@dataclass(frozen=True)
class Secret:
    """This field is encrypted in state and never printed."""


@dataclass(frozen=True)
class Beside:
    """This field stands beside a secret in a credential. It may hold the secret by mistake, so no
    refusal quotes it."""


@dataclass(frozen=True)
class Computed:
    """Only the remote API can tell this field; it is unknown until the object is made."""


@dataclass(frozen=True)
class Derived:
    """Check fills this field in from the others (`Handler.derived`), so previews show it."""


@dataclass(frozen=True)
class DerivedDefault:
    """Left out, this field is derived from the others, as a Derived one is."""


@dataclass(frozen=True)
class Sticky:
    """Derived once: this field stays until a replacing field before it changes."""


@dataclass(frozen=True)
class CreateOnly:
    """Read when the resource is made; a change to this field later means nothing."""


@dataclass(frozen=True)
class Local:
    """A change to this field is written into state and touches nothing else; while it is unknown,
    it stays."""


@dataclass(frozen=True)
class OnDelete:
    """This field says what a deletion may do."""


@dataclass(frozen=True, init=False)
class FromSetting:
    """Left out, this field takes the stack's setting of that key. A map is merged with it, or with
    those of several keys, of which a later one wins."""

    keys: tuple[str, ...]

    def __init__(self, *keys: str) -> None:
        object.__setattr__(self, "keys", keys)


@dataclass(frozen=True)
class Spelled:
    """Check writes this field as the cloud spells it, which takes other spellings too."""

    spelling: Callable[[str], str]


@dataclass(frozen=True)
class AutoNamed:
    """A physical name: left out, it is made from the logical name and the fields that replace."""

    limit: int
    separator: str = "-"
    letters: str = "a-z0-9"
    first: str = "a-z0-9"
    within: str = ""
    """The field in whose scope it is unique; empty for all that the credentials reach."""
    reaches: bool = True
    """Whether it becomes part of a document or of a path. Then the name of an existing one is
    literal."""

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
