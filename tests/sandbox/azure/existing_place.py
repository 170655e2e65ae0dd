"""A container of somebody else's on Azure."""

from palette_backup_provider.sandbox.azure.accounts import Blob
from palette_backup_provider.sandbox.azure.service import Azure
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.azure.inspector import ACCOUNT, AzureInspector
from tests.sandbox.existing_place import BY_AGE, FOREIGN, ExistingPlace


def _made(running: Sandbox) -> None:
    theirs = AzureInspector(running.env).operator
    theirs.groups.create_or_update("theirs", {"location": "northeurope"})
    account = {**ACCOUNT, "location": "northeurope", "sku": {"name": "Standard_GRS"}}
    theirs.storage.storage_accounts.begin_create("theirs", "theirs", account).result()
    theirs.storage.blob_containers.create("theirs", "theirs", "theirs", {})


def _spoilt(running: Sandbox) -> None:
    there = running.service(Azure).storage.accounts["theirs"]
    there.containers["theirs"].blobs |= {"photos/1": Blob(b""), "backups/1": Blob(b"")}
    there.containers["theirs"].body["properties"]["hasLegalHold"] = True
    rule = {
        "name": "old",
        "enabled": True,
        "type": "Lifecycle",
        "definition": {
            "actions": {
                "baseBlob": {
                    "delete": {"daysAfterModificationGreaterThan": 30},
                    "tierToArchive": {"daysAfterModificationGreaterThan": 10},
                }
            },
            "filters": {"blobTypes": ["blockBlob"], "prefixMatch": ["theirs/back"]},
        },
    }
    AzureInspector(running.env).operator.storage.management_policies.create_or_update(
        "theirs", "theirs", "default", {"properties": {"policy": {"rules": [rule]}}}
    )


def _healed(running: Sandbox) -> None:
    there = running.service(Azure).storage.accounts["theirs"]
    del there.containers["theirs"].blobs["photos/1"]
    there.containers["theirs"].body["properties"]["hasLegalHold"] = False
    there.lifecycle = None


EXISTING = ExistingPlace(
    "azure:Container",
    """\
        AzureBackupLocation("n", AzureBackupLocationArgs(
            location="northeurope", existing_resource_group="theirs",
            existing_storage_account="theirs", existing_container="theirs"))
        """,
    _made,
    _spoilt,
    _healed,
    [
        "is immutable (an immutability policy or a legal hold). Velero rewrites",
        "the lifecycle rule 'old' of the storage account moves objects to the archive tier",
        FOREIGN,
        BY_AGE,
    ],
    {"resource_group": "theirs", "storage_account": "theirs"},
    """\
        group = azure.ResourceGroup("shared", location="northeurope")
        account = azure.StorageAccount(
            "shared", resource_group=group.name, location="northeurope")
        container = azure.Container(
            "shared", resource_group=group.name, storage_account=account.name)
        for name in "nm":
            AzureBackupLocation(name, location="northeurope",
                existing_resource_group=group.name, existing_storage_account=account.name,
                existing_container=container.name)
        """,
)
