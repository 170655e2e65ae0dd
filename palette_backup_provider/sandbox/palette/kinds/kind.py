"""What Palette knows of a kind of storage."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from palette_backup_provider.sandbox.json import Body
from palette_backup_provider.sandbox.palette.errors import missing

if TYPE_CHECKING:
    from palette_backup_provider.sandbox.palette.store import Store


@dataclass(frozen=True)
class ValidateCall:
    """Palette's validate call for the credentials of one kind."""

    path: str
    """Its path below `/v1/clouds`."""
    complete: Callable[[Body, str], None]
    """Fills in what Palette adds to a body, such as the tenant's external id, which it gets. Raises
    a `Refusal` for a body that lacks something."""
    subject: Callable[[Body], str]
    """What a body is about: a bucket, or a client."""
    subject_of: Callable[[Body], str]
    """What a call for a location of this `spec.config` would be about."""


@dataclass(frozen=True)
class Kind:
    """A kind of storage, as Palette's API has it."""

    name: str
    """What Palette's routes call it."""
    cloud: str
    """The cloud of the sandbox that has the storage and its credentials."""
    required: tuple[str, ...]
    """The fields of `spec.config` that a request needs."""
    defaults: Body
    """What Palette fills in to `spec.config`."""
    credential_defaults: Body
    """What Palette fills in to the credentials."""
    secrets: tuple[str, ...]
    """The fields of the credentials that come back masked."""
    place: Callable[[Body], str]
    """What people call the place of a `spec.config`, such as a bucket."""
    validate: ValidateCall | None
    """None where Palette has no such call."""
    aliases: tuple[str, ...] = ()
    """Other names that the route for the default location takes."""
    routes: "Callable[[Store], Blueprint] | None" = None
    """Other routes of Palette that are about this cloud."""


def require(body: Any, *names: str) -> None:
    """Refuse a body that lacks one of these fields."""
    for name in names:
        if not isinstance(body, dict) or not body.get(name):
            raise missing(name)
