"""What is read of Palette's answers about locations on AWS, and about its own account there."""

from palette_backup_provider.clients.palette.aws_sts_account import PATH
from palette_backup_provider.clients.palette.location import LOCATION, WholeLocation
from palette_backup_provider.clients.palette.s3_config import S3Config
from palette_backup_provider.clients.rest.answers import UNREAD, Name, Shape


class Sts(Shape):
    accountId: Name
    externalId: str


ROUTES: dict[str, object] = {
    f"GET {PATH}": Sts,
    f"GET {LOCATION}/s3/{{uid}}": WholeLocation[S3Config],
    "POST /v1/clouds/aws/s3/validate": UNREAD,
}
