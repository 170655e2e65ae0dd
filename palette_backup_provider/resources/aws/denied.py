"""What to do where a policy forbids users or access keys: many organisations do."""

from palette_backup_provider.clients.aws import REFUSED
from palette_backup_provider.core.errors import ApiError


def explained(error: ApiError, doing: str) -> ApiError:
    """`error`, and the ways around it if a policy is behind it."""
    if error.code not in REFUSED:
        return error
    return ApiError(
        f"A policy does not let these credentials {doing}: an IAM policy, a permissions boundary "
        f"or a service control policy of the organisation. {error} There is a way without a "
        f"long-lived key: AwsStsBackupLocation lets Palette assume a role. Or have the user made "
        f"for you and bring it (existing_user), or bring its credentials.",
        status=error.status,
        code=error.code,
    )
