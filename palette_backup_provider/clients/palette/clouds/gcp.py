"""What is read of Palette's answers about locations on Google Cloud."""

from palette_backup_provider.clients.palette.location import LOCATION, ListedSpec, WholeMetadata
from palette_backup_provider.clients.rest.answers import UNREAD, Shape


class GcpCredentials(Shape):
    jsonCredentials: str | None = None


class GcpConfig(Shape):
    bucketName: str
    projectId: str | None = None
    credentials: GcpCredentials | None = None


class GcpSpec(ListedSpec):
    config: GcpConfig


class GcpLocation(Shape):
    metadata: WholeMetadata
    spec: GcpSpec


ROUTES: dict[str, object] = {
    f"GET {LOCATION}/gcp/{{uid}}": GcpLocation,
    "POST /v1/clouds/gcp/bucketname/validate": UNREAD,
}
