"""Azure."""

from collections.abc import Iterable

from palette_backup_provider.clients.azure import settings
from palette_backup_provider.clients.azure.client import AzureClient, sdk
from palette_backup_provider.clients.azure.permissions import permissions
from palette_backup_provider.core.run import Run
from palette_backup_provider.doctor.cloud import Cloud
from palette_backup_provider.resources.azure.storage.velero_check import unfit_for_velero
from palette_backup_provider.resources.palette.storage.azure_blob import AzureBlobStorage


def _unfit(run: Run, storage: AzureBlobStorage) -> Iterable[str] | None:
    path = (
        f"/subscriptions/{storage.credentials.subscription_id}/resourceGroups"
        f"/{storage.resource_group}/providers/Microsoft.Storage/storageAccounts"
        f"/{storage.storage_account}/blobServices/default/containers/{storage.container}"
    )
    return unfit_for_velero(run.client(AzureClient), path)


CLOUD = Cloud(
    word="azure",
    name="Azure",
    namespace=settings.NAMESPACE,
    sdk=sdk,
    module="azure.identity",
    client=AzureClient,
    who=lambda client: f"tenant {client.tenant()}, subscription {client.subscription()}",
    keys=(
        settings.CERTIFICATE,
        settings.CLIENT_SECRET,
        settings.USE_OIDC,
        settings.USE_MSI,
    ),
    sign_in="sign in: `az login`, or set azure-native:clientId, clientSecret and tenantId",
    realms={"Azure subscription": AzureClient.subscription, "Entra tenant": AzureClient.tenant},
    permissions=lambda client, _: permissions(client),
    tells="Resource Manager tells what roles allow on the subscription, without deny assignments. "
    "Those for Microsoft Graph are in the access token.",
    storage=AzureBlobStorage,
    skew=5,
    unfit=_unfit,
)
