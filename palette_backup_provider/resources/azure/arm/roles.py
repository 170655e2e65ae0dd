"""Azure's built-in roles that backups need, whose GUIDs are the same in every tenant; and what a
custom one has to allow.

Velero reads the storage account and lists its keys, for which `Reader and Data Access` is enough. A
Velero that signs in to blobs by itself (`useAAD`) needs `Storage Blob Data Contributor`.
"""

import re
from typing import Annotated

from pydantic import AfterValidator

from palette_backup_provider.engine.function import checked
from palette_backup_provider.resources.azure.arm.scopes import GUID, Scope

READER_AND_DATA_ACCESS = "Reader and Data Access"
BLOB_CONTRIBUTOR = "Storage Blob Data Contributor"

BUILT_IN = {
    READER_AND_DATA_ACCESS: "c12c1c16-33a1-487b-954d-41c89c60f349",
    BLOB_CONTRIBUTOR: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "Disk Backup Reader": "3e5e47e6-65f7-47ef-90b5-e5dd4d455f24",
    "Disk Restore Operator": "b50d9833-a0cb-478e-945f-707fcc997c13",
    "Disk Snapshot Contributor": "7efff54f-a5b4-42b5-a1c5-5411624893ce",
}

ACCOUNT_ROLES = (READER_AND_DATA_ACCESS, BLOB_CONTRIBUTOR)
"""What Palette's credential gets on the storage account."""
SNAPSHOT_ACTIONS = [
    "Microsoft.Compute/disks/beginGetAccess/action",
    "Microsoft.Compute/disks/endGetAccess/action",
    "Microsoft.Compute/disks/read",
    "Microsoft.Compute/disks/write",
    "Microsoft.Compute/snapshots/delete",
    "Microsoft.Compute/snapshots/read",
    "Microsoft.Compute/snapshots/write",
]
"""What it may do, if asked for, where clusters keep their disks: Velero's own list."""


def _role(value: str) -> str:
    if value in BUILT_IN or re.fullmatch(GUID, value):
        return value
    names = ", ".join(BUILT_IN)
    raise ValueError(f"{value!r} is no role: expected its GUID, or one of {names}")


Role = Annotated[str, AfterValidator(_role)]
"""A role, by its GUID or by the name of one in `BUILT_IN`."""


@checked
def role_definition(scope: Scope, role: Role) -> str:
    """The id of a role, given by name or GUID, in the subscription that `scope` is in."""
    return definition_id(scope, role)


def definition_id(scope: str, role: str) -> str:
    """The same for a scope and a role that are known to be good."""
    subscription = "/".join(scope.split("/")[:3])
    guid = BUILT_IN.get(role, role)
    return f"{subscription}/providers/Microsoft.Authorization/roleDefinitions/{guid}"
