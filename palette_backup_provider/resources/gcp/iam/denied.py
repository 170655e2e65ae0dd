"""The way out where Google refuses for a reason that a person can fix."""

from palette_backup_provider.clients.gcp.rest import DISABLED
from palette_backup_provider.core.errors import ApiError, sentence

NO_KEYS = "constraints/iam.disableServiceAccountKeyCreation"
NO_ACCOUNTS = "constraints/iam.disableServiceAccountCreation"
POLICIES = {
    NO_KEYS: "service account keys",
    "constraints/iam.managed.disableServiceAccountKeyCreation": "service account keys",
    NO_ACCOUNTS: "service accounts",
}


def with_advice(error: ApiError, doing: str) -> ApiError:
    """`error`. If a policy or a missing role is the cause, the message adds the ways out."""
    text = str(error)
    for constraint, what in POLICIES.items():
        if constraint in text:
            return ApiError(
                f"An organisation policy forbids {what}: {constraint} does not let anyone {doing}. "
                f"{sentence(text)} It is on by default in organisations made since May 2024. Have "
                "an organisation policy administrator exempt this project, or have the credential "
                "made where keys are allowed and give its JSON to palette.Gcs.",
                status=error.status,
                code=error.code,
            )
    if error.status == 403 and error.code not in DISABLED:  # of that, Google's words tell all
        return ApiError(
            f"These credentials may not {doing}. {sentence(text)} Give them the roles "
            "storage.admin, iam.serviceAccountAdmin and iam.serviceAccountKeyAdmin in the "
            "project, and for snapshots iam.roleAdmin and resourcemanager.projectIamAdmin.",
            status=error.status,
            code=error.code,
        )
    return error
