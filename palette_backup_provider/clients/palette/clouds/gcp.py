"""What is read of Palette's answers about locations on Google Cloud."""

from palette_backup_provider.clients.palette.location import LOCATION, Config, WholeLocation
from palette_backup_provider.clients.rest.answers import UNREAD, Shape


class GcpCredentials(Shape):
    jsonCredentials: str | None = None


class GcpConfig(Config):
    bucketName: str
    projectId: str | None = None
    credentials: GcpCredentials | None = None


ROUTES: dict[str, object] = {
    f"GET {LOCATION}/gcp/{{uid}}": WholeLocation[GcpConfig],
    "POST /v1/clouds/gcp/bucketname/validate": UNREAD,
}
