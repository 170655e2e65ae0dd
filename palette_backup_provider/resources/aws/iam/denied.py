"""The way out where a policy forbids users, roles or access keys, as many organisations do."""

from palette_backup_provider.clients.aws.errors import REFUSED
from palette_backup_provider.core.errors import ApiError

WITHOUT_A_KEY = (
    "There is a way without a long-lived key: AwsStsBackupLocation lets Palette assume a role. Or "
    "have the user made for you, and use it with existing_user (aws.User: existing=True); or use "
    "its credentials."
)


def with_advice(error: ApiError, doing: str, way: str = WITHOUT_A_KEY) -> ApiError:
    """`error`. If a policy is the cause, the message adds `way`."""
    if error.code not in REFUSED:
        return error
    return ApiError(
        f"A policy does not let these credentials {doing}: an IAM policy, a permissions boundary "
        f"or a service control policy of the organisation. {error} {way}",
        status=error.status,
        code=error.code,
    )
