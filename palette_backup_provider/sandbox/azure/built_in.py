"""Azure's own roles, those that somebody here uses, as Azure's documentation lists them."""

from dataclasses import dataclass

_CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers"
_DELEGATION_KEY = "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action"
_SNAPSHOTS = "Microsoft.Compute/snapshots"
_READ_ROLES = "Microsoft.Authorization/*/read"
_READ_GROUPS = "Microsoft.Resources/subscriptions/resourceGroups/read"


@dataclass(frozen=True)
class Role:
    """A role; patterns of what it allows, on resources and on the data in them."""

    name: str
    actions: tuple[str, ...]
    data: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def permission(self) -> dict[str, list[str]]:
        """As ARM shows it."""
        return {
            "actions": list(self.actions),
            "notActions": list(self.without),
            "dataActions": list(self.data),
            "notDataActions": [],
        }


OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
ROLES = {
    OWNER: Role("Owner", ("*",)),
    "b24988ac-6180-42a0-ab88-20f7382dd24c": Role(
        "Contributor",
        ("*",),
        without=(
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
            "Microsoft.Blueprint/blueprintAssignments/write",
            "Microsoft.Blueprint/blueprintAssignments/delete",
            "Microsoft.Compute/galleries/share/action",
            "Microsoft.Purview/consents/write",
            "Microsoft.Purview/consents/delete",
        ),
    ),
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": Role("Reader", ("*/read",)),
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": Role(
        "User Access Administrator", ("*/read", "Microsoft.Authorization/*", "Microsoft.Support/*")
    ),
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": Role(
        "Role Based Access Control Administrator",
        (
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/roleAssignments/delete",
            "*/read",
            "Microsoft.Support/*",
        ),
    ),
    "c12c1c16-33a1-487b-954d-41c89c60f349": Role(
        "Reader and Data Access",
        (
            "Microsoft.Storage/storageAccounts/listKeys/action",
            "Microsoft.Storage/storageAccounts/ListAccountSas/action",
            "Microsoft.Storage/storageAccounts/read",
        ),
    ),
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": Role(
        "Storage Blob Data Contributor",
        (
            f"{_CONTAINERS}/delete",
            f"{_CONTAINERS}/read",
            f"{_CONTAINERS}/write",
            _DELEGATION_KEY,
        ),
        data=(
            f"{_CONTAINERS}/blobs/delete",
            f"{_CONTAINERS}/blobs/read",
            f"{_CONTAINERS}/blobs/write",
            f"{_CONTAINERS}/blobs/move/action",
            f"{_CONTAINERS}/blobs/add/action",
        ),
    ),
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": Role(
        "Storage Blob Data Reader",
        (f"{_CONTAINERS}/read", _DELEGATION_KEY),
        data=(f"{_CONTAINERS}/blobs/read",),
    ),
    "db58b8e5-c6ad-4a2a-8342-4190687cbf4a": Role("Storage Blob Delegator", (_DELEGATION_KEY,)),
    "3e5e47e6-65f7-47ef-90b5-e5dd4d455f24": Role(
        "Disk Backup Reader",
        (
            _READ_ROLES,
            "Microsoft.Compute/disks/read",
            "Microsoft.Compute/disks/beginGetAccess/action",
        ),
    ),
    "b50d9833-a0cb-478e-945f-707fcc997c13": Role(
        "Disk Restore Operator",
        (
            _READ_ROLES,
            _READ_GROUPS,
            "Microsoft.Compute/disks/write",
            "Microsoft.Compute/disks/read",
        ),
    ),
    "7efff54f-a5b4-42b5-a1c5-5411624893ce": Role(
        "Disk Snapshot Contributor",
        (
            _READ_ROLES,
            _READ_GROUPS,
            f"{_SNAPSHOTS}/delete",
            f"{_SNAPSHOTS}/write",
            f"{_SNAPSHOTS}/read",
            f"{_SNAPSHOTS}/beginGetAccess/action",
            f"{_SNAPSHOTS}/endGetAccess/action",
            "Microsoft.Compute/disks/beginGetAccess/action",
            "Microsoft.Storage/storageAccounts/listkeys/action",
            "Microsoft.Storage/storageAccounts/write",
            "Microsoft.Storage/storageAccounts/read",
            "Microsoft.Storage/storageAccounts/delete",
        ),
    ),
}
