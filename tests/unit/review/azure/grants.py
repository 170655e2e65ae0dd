"""How access to backups is granted on Azure."""

from typing import Any

TYPE = "azure:RoleAssignment"
STORAGE = "azure:Container"
ID = "00000000-0000-4000-8000-000000000001"
SCOPE = f"/subscriptions/{ID}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a"
EVERYTHING = {"scope": SCOPE, "role": "Owner", "principal_id": ID}
"""Inputs that grant too much."""


def on(container: str) -> dict[str, Any]:
    """Inputs that grant something on one container."""
    scope = f"{SCOPE}/blobServices/default/containers/{container}"
    return {"scope": scope, "role": "Storage Blob Data Contributor", "principal_id": ID}
