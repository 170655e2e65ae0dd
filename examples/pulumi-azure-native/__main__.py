"""The prerequisites by pulumi-azure-native, and pulumi-azuread for Entra; the location by us."""

from functools import partial

import pulumi
import pulumi_azuread as azuread
from pulumi_azure_native import authorization, resources, storage

from palette_backup_provider import azure, palette

here = authorization.get_client_config_output()
group = resources.ResourceGroup("nightly")
account = storage.StorageAccount(
    "nightly",
    resource_group_name=group.name,
    kind="StorageV2",
    sku={"name": "Standard_LRS"},
    minimum_tls_version="TLS1_2",
    enable_https_traffic_only=True,
    allow_blob_public_access=False,
    allow_shared_key_access=True,
)
container = storage.BlobContainer(
    "nightly", resource_group_name=group.name, account_name=account.name, public_access="None"
)
application = azuread.Application("nightly", display_name="nightly")
principal = azuread.ServicePrincipal("nightly", client_id=application.client_id)
allowed = [
    authorization.RoleAssignment(
        role,
        scope=account.id,
        role_definition_id=account.id.apply(partial(azure.role_definition, role=role)),
        principal_id=principal.object_id,
        principal_type="ServicePrincipal",
    )
    for role in azure.ACCOUNT_ROLES
]
secret = azuread.ApplicationPassword("nightly", application_id=application.id)
blobs = palette.AzureBlob(
    container=container.name,
    storage_account=account.name,
    resource_group=group.name,
    credentials=palette.ServicePrincipalCredentials(
        tenant_id=here.tenant_id,
        client_id=application.client_id,
        client_secret=secret.value,
        subscription_id=here.subscription_id,
    ),
)
location = palette.BackupLocation(
    "nightly", storage=blobs, opts=pulumi.ResourceOptions(depends_on=allowed)
)
pulumi.export("location_uid", location.uid)
