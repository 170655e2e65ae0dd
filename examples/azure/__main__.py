"""A location on Azure, its account copied to another region."""

import pulumi

from palette_backup_provider import AzureBackupLocation

config = pulumi.Config()
nightly = AzureBackupLocation(
    "nightly",
    location=config.get("location") or "westeurope",
    sku="Standard_GRS",
    tags={"team": "platform"},
    location_labels={"env": pulumi.get_stack()},
    snapshot_scopes=config.get_object("clusterResourceGroups") or [],
)
pulumi.export("location_uid", nightly.location_uid)
pulumi.export("storage_account", nightly.storage_account_name)
pulumi.export("secret_expires", nightly.secret_expires)
