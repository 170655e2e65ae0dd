"""What a cloud of the sandbox has behind a location, for people to look at."""

from collections.abc import Callable
from dataclasses import dataclass

from palette_backup_provider.sandbox.json import Body


@dataclass(frozen=True)
class Credential:
    """A credential that its cloud takes, without its secret."""

    id: str
    made: float
    """Seconds since the epoch."""
    ends: float | None = None
    """When the cloud refuses it by itself, in seconds since the epoch; None for never."""


@dataclass(frozen=True)
class Backing:
    """The objects behind a location."""

    bucket: bool
    """Whether the bucket or container is there."""
    identity: str = ""
    """The user, account, application or role; empty for one that the cloud does not know."""
    credential: Credential | None = None
    """None for one that the cloud refuses, and for an identity without any."""


Inspector = Callable[[Body], Backing]
"""What a cloud has behind the `spec.config` of a location."""
