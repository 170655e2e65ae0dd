"""What is read of Palette's answers about locations on AWS."""

from palette_backup_provider.clients.palette.location import LOCATION, WholeLocation
from palette_backup_provider.clients.palette.s3_config import S3Config
from palette_backup_provider.clients.rest.answers import UNREAD, Name, Shape


class Sts(Shape):
    accountId: Name
    externalId: str


ROUTES: dict[str, object] = {
    "GET /v1/clouds/aws/account/sts": Sts,
    f"GET {LOCATION}/s3/{{uid}}": WholeLocation[S3Config],
    "POST /v1/clouds/aws/s3/validate": UNREAD,
}
