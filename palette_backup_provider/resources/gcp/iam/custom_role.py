"""The custom role that Velero needs for snapshots, as Google has it."""

from collections.abc import Sequence
from typing import Any

from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.model import Owned
from palette_backup_provider.resources.gcp.mark import described

TITLE = "Palette backups: snapshots of disks"
DISABLED = "DISABLED"
"""The launch stage in which a role grants nothing; all others are for people to read."""
ENDING = "marked for deletion"
"""How Google speaks of a role whose id is not free yet."""
PERMISSIONS = (
    "compute.disks.create",
    "compute.disks.createSnapshot",
    "compute.disks.get",
    "compute.projects.get",
    "compute.snapshots.create",
    "compute.snapshots.delete",
    "compute.snapshots.get",
    "compute.snapshots.setLabels",
    "compute.snapshots.useReadOnly",
    "compute.zones.get",
)
"""The permissions in Velero's own list that are about disks. The bucket grants those about
objects."""


def body(of: Owned, permissions: Sequence[str]) -> dict[str, Any]:
    """The role as a request has it, with the mark of the resource."""
    return {
        "title": TITLE,
        "description": described(of),
        "includedPermissions": list(permissions),
        "stage": "GA",
    }


def not_free(error: ApiError, role_id: str) -> ApiError:
    """`error` over an id that Google keeps for a while, with what to do."""
    return ApiError(
        f"The role id {role_id} is that of a custom role that was deleted more than 7 days "
        f"ago: Google no longer restores it, and frees its id 37 days after the deletion. Give "
        f"this one another role_id until then. With a GcpBackupLocation, leave `snapshots` out and "
        f"declare a gcp.SnapshotAccess with a role_id for its account. {error}",
        status=error.status,
        code=error.code,
    )
