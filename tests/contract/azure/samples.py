"""Good inputs for Azure's types."""

from types import SimpleNamespace
from typing import Any

from palette_backup_provider import azure

GUID = "12345678-1234-1234-1234-123456789abc"
IDENTITY = {"subscription": GUID, "tenant": GUID}
SERVICE_PRINCIPAL = {
    "tenant_id": GUID,
    "client_id": GUID,
    "client_secret": "s3cr3t-of-azure",
    "subscription_id": GUID,
}
STORAGES: tuple[dict[str, Any], ...] = (
    {
        "kind": "azure",
        "container": "c",
        "storage_account": "account",
        "resource_group": "g",
        "credentials": SERVICE_PRINCIPAL,
    },
)
SAMPLES: dict[str, dict[str, Any]] = {
    "azure:Application": {},
    "azure:ClientSecret": {"client_id": GUID},
    "azure:Container": {"resource_group": "g", "storage_account": "account"},
    "azure:ResourceGroup": {"location": "westeurope"},
    "azure:RetiringSecret": {"client_id": GUID},
    "azure:RoleAssignment": {
        "scope": f"/subscriptions/{GUID}",
        "role": "Storage Blob Data Contributor",
        "principal_id": GUID,
    },
    "azure:ServicePrincipal": {"client_id": GUID},
    "azure:SnapshotRole": {"scope": f"/subscriptions/{GUID}/resourceGroups/g"},
    "azure:StorageAccount": {"resource_group": "g", "location": "westeurope"},
}
TOLD: dict[str, dict[str, Any]] = {"azure:SnapshotRole": {"name": GUID}}
ANSWERS = {"subscription": GUID, "tenant": GUID}
HAS = {"connection": SimpleNamespace(name="public")}
ARGUMENTS: dict[str, list[Any]] = {
    "identity": [azure.Identity(tenant=GUID)],
    "snapshot_scopes": [[f"/subscriptions/{GUID}/resourceGroups/a"]],
}
BACKUPS = {"storage_account_name", "container_name"}
FUNCTIONS: dict[str, dict[str, Any]] = {
    "azure:role_definition": {
        "scope": "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g",
        "role": "Storage Blob Data Contributor",
    },
}
