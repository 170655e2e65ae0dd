"""Palette's own AWS account.

It stands apart from what is read of answers, which is imported with the first of them.
"""

from urllib.parse import urlencode

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core.errors import ApiError

PATH = "/v1/clouds/aws/account/sts"


def sts_account(palette: PaletteClient, partition: str) -> tuple[str, str]:
    """Palette's AWS account in that partition, and the external id it assumes roles with."""
    try:
        account = palette.constant(f"{PATH}?{urlencode({'partition': partition})}")
    except ApiError as error:
        raise ApiError(
            f"{error} A Palette of your own needs an AWS account for STS first: its "
            "administrator sets it in the system console.",
            status=error.status,
            code=error.code,
        ) from None
    return str(account["accountId"]), str(account["externalId"])
