"""What is read of Palette's answers about locations on AWS."""

from palette_backup_provider.clients.palette.location import LOCATION, ListedSpec, WholeMetadata
from palette_backup_provider.clients.palette.s3_config import S3Config
from palette_backup_provider.clients.rest.answers import UNREAD, Name, Shape


class S3Spec(ListedSpec):
    config: S3Config


class S3Location(Shape):
    metadata: WholeMetadata
    spec: S3Spec


class Sts(Shape):
    accountId: Name
    externalId: str


ROUTES: dict[str, object] = {
    "GET /v1/clouds/aws/account/sts": Sts,
    f"GET {LOCATION}/s3/{{uid}}": S3Location,
    "POST /v1/clouds/aws/s3/validate": UNREAD,
}
