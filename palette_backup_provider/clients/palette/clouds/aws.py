"""What is read of Palette's answers about locations on AWS, and about its own account there."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from palette_backup_provider.clients.palette.location import LOCATION, WholeLocation
from palette_backup_provider.clients.palette.s3_config import S3Config
from palette_backup_provider.clients.rest.answers import UNREAD, Name, Shape
from palette_backup_provider.core.errors import ApiError

if TYPE_CHECKING:
    from palette_backup_provider.clients.palette.client import PaletteClient

STS = "/v1/clouds/aws/account/sts"


class Sts(Shape):
    accountId: Name
    externalId: str


ROUTES: dict[str, object] = {
    f"GET {STS}": Sts,
    f"GET {LOCATION}/s3/{{uid}}": WholeLocation[S3Config],
    "POST /v1/clouds/aws/s3/validate": UNREAD,
}


def sts_account(palette: "PaletteClient", partition: str) -> tuple[str, str]:
    """Palette's AWS account in that partition, and the external id it assumes roles with."""
    try:
        account = palette.constant(f"{STS}?{urlencode({'partition': partition})}")
    except ApiError as error:
        raise ApiError(
            f"{error} A Palette of your own needs an AWS account for STS first: its "
            "administrator sets it in the system console.",
            status=error.status,
            code=error.code,
        ) from None
    return str(account["accountId"]), str(account["externalId"])
