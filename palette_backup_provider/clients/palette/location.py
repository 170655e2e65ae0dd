"""What is read of any location, of whatever kind."""

from typing import Annotated, Any, Generic, TypeVar

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


class Config(Shape):
    """Where the backups are: each kind of storage adds its fields."""

    credentials: Shape | None = None


ConfigT = TypeVar("ConfigT", bound=Config)


class WholeSpec(ListedSpec, Generic[ConfigT]):
    config: ConfigT


class WholeLocation(Shape, Generic[ConfigT]):
    """What a call for one location answers."""

    metadata: WholeMetadata
    spec: WholeSpec[ConfigT]
