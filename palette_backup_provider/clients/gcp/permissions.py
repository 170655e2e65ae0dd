"""What an operator needs on Google Cloud, and which of it the credentials in use have.

The project tells. A role on one bucket or one service account alone does not count.
"""

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.rest import DISABLED, PROJECTS
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.permissions import Permissions, Statement, answered, unclear

DOCUMENT = "docs/permissions/gcp.yaml"
LOCATION = Statement(
    DOCUMENT,
    (
        "storage.buckets.create",
        "storage.buckets.delete",
        "storage.buckets.get",
        "storage.buckets.getIamPolicy",
        "storage.buckets.list",
        "storage.buckets.setIamPolicy",
        "storage.buckets.update",
        "storage.objects.delete",
        "storage.objects.list",
        "iam.serviceAccountKeys.create",
        "iam.serviceAccountKeys.delete",
        "iam.serviceAccountKeys.enable",
        "iam.serviceAccountKeys.list",
        "iam.serviceAccounts.create",
        "iam.serviceAccounts.delete",
        "iam.serviceAccounts.enable",
        "iam.serviceAccounts.get",
        "iam.serviceAccounts.update",
    ),
)
SNAPSHOTS = Statement(
    DOCUMENT,
    (
        "iam.roles.create",
        "iam.roles.delete",
        "iam.roles.get",
        "iam.roles.undelete",
        "iam.roles.update",
        "resourcemanager.projects.getIamPolicy",
        "resourcemanager.projects.setIamPolicy",
    ),
    only_for="snapshots=True",
)
STATEMENTS = (LOCATION, SNAPSHOTS)


def permissions(gcp: GcpClient) -> Permissions:
    """Which permissions the credentials in use have on the project. Asking takes none.

    Raises ApiError where Google cannot be asked.
    """
    actions = [action for statement in STATEMENTS for action in statement.actions]
    path = f"/v1/projects/{gcp.project()}:testIamPermissions"
    try:
        answer = gcp.call(PROJECTS, "POST", path, {"permissions": actions})
    except ApiError as error:
        if error.code not in DISABLED:
            raise
        how = "Enable it: `gcloud services enable cloudresourcemanager.googleapis.com`."
        return unclear(STATEMENTS, f"{error} {how}")
    return answered(STATEMENTS, (answer or {}).get("permissions", []))
