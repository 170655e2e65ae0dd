"""Azure's built-in roles that backups need; their GUIDs are the same in every tenant.

Velero reads the storage account and lists its keys, for which `Reader and Data Access` is enough. A
Velero that signs in to blobs by itself (`useAAD`) needs `Storage Blob Data Contributor`. For disk
snapshots the three disk roles together are what Velero's own list has, and no more.
"""

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
SNAPSHOT_ROLES = ("Disk Backup Reader", "Disk Restore Operator", "Disk Snapshot Contributor")
"""What it gets, if asked for, on the resource groups that clusters keep their disks in."""


def role_definition(scope: str, role: str) -> str:
    """The id of a role, given by name or GUID, in the subscription that `scope` is in."""
    subscription = "/".join(scope.split("/")[:3])
    guid = BUILT_IN.get(role, role)
    return f"{subscription}/providers/Microsoft.Authorization/roleDefinitions/{guid}"
