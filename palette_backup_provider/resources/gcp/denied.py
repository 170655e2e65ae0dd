"""What to do where Google refuses for a reason that a person can mend."""

from palette_backup_provider.clients.gcp_rest import DISABLED
from palette_backup_provider.core.errors import ApiError

NO_KEYS = "constraints/iam.disableServiceAccountKeyCreation"
NO_ACCOUNTS = "constraints/iam.disableServiceAccountCreation"
POLICIES = {
    NO_KEYS: "service account keys",
    "constraints/iam.managed.disableServiceAccountKeyCreation": "service account keys",
    NO_ACCOUNTS: "service accounts",
}


def explained(error: ApiError, doing: str) -> ApiError:
    """`error`, and the ways around it if a policy or a missing role is behind it."""
    text = str(error)
    for constraint, what in POLICIES.items():
        if constraint in text:
            return _like(
                error,
                f"An organisation policy forbids {what}: {constraint} does not let anyone {doing}. "
                f"It is on by default in organisations made since May 2024. Have an organisation "
                f"policy administrator exempt this project, or have the credential made where keys "
                f"are allowed and give its JSON to palette.Gcs. {text}",
            )
    if error.status == 403 and error.code not in DISABLED:  # of that, Google's words tell all
        return _like(
            error,
            f"These credentials may not {doing}. A location takes the roles storage.admin, "
            f"iam.serviceAccountAdmin and iam.serviceAccountKeyAdmin in the project, and for "
            f"snapshots iam.roleAdmin and resourcemanager.projectIamAdmin. {text}",
        )
    return error


def _like(error: ApiError, text: str) -> ApiError:
    return ApiError(text, status=error.status, code=error.code)
