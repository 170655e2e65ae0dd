"""What is read of any location, of whatever kind."""

from typing import Annotated, Any

from pydantic import Field

from palette_backup_provider.clients.rest.answers import ABSENT, Name, Shape

LOCATION = "/v1/users/assets/locations"


class Metadata(Shape):
    name: Annotated[str, Field(max_length=1024)]
    """Whatever others made of it: what prints it takes out what would steer a terminal."""
    uid: Name
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    creationTimestamp: Any = None
    """Shown alone; what is no time is told as unknown."""
    lastModifiedTimestamp: Any = None
    """Compared alone: what is no text never means that nothing changed."""


class ListedSpec(Shape):
    storage: str | None = None
    type: str | None = None
    isDefault: bool | None = None


class WholeMetadata(Metadata):
    uid: Name = ABSENT
