"""Azure Blob Storage."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pulumi import Input

from palette_backup_provider.clients.azure.clouds import CLOUDS
from palette_backup_provider.clients.azure.errors import REFUSED, UNKNOWN_SECRET
from palette_backup_provider.clients.azure.identity import Guid
from palette_backup_provider.clients.azure.trial import (
    AzureBlobClient,
    ContainerRef,
    ServicePrincipalLogin,
)
from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core.clouds.azure import WAIT
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.markers import Beside, Replaces, Sensitive
from palette_backup_provider.core.model import matches
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.run import Run
from palette_backup_provider.resources.palette.storage.base import (
    Storage,
    accepted_by_palette,
    probe_key,
)
from palette_backup_provider.resources.palette.storage.mapping import At, Mapped

VALIDATE = "/v1/clouds/azure/account/validate"
WRONG_SECRET = 0.2
"""Share of the wait in which a wrong secret may still mean one that is not known everywhere."""


@dataclass(kw_only=True)
class ServicePrincipalCredentials:
    """A service principal's client secret.

    Args:
        tenant_id: The GUID of its tenant (`credentials.tenantId`).
        client_id: Its application (client) id (`credentials.clientId`).
        client_secret: The secret's text, encrypted in state (`credentials.clientSecret`).
        subscription_id: The GUID of the storage account's subscription
            (`credentials.subscriptionId`).
    """

    tenant_id: Input[str]
    client_id: Input[str]
    client_secret: Input[str]
    subscription_id: Input[str]


@dataclass(kw_only=True)
class AzureBlob:
    """A container in an Azure storage account; the location's `storage`. Changes are made in place.

    Args:
        container: The container's name (`config.containerName`). A location that clusters use
            cannot move.
        storage_account: The storage account's name (`config.storageName`).
        resource_group: The name of the resource group it is in (`config.resourceGroup`).
        credentials: What Palette and the clusters sign in with.
        sku: The account's SKU, such as `Standard_LRS` (`config.sku`). Default: none.
        client_cloud: `public`, `azure-government` or `azure-china` (`credentials.clientCloud`).
            Default: `public`.
    """

    container: Input[str]
    storage_account: Input[str]
    resource_group: Input[str]
    credentials: ServicePrincipalCredentials
    sku: Input[str] | None = None
    client_cloud: Input[str] | None = None
    kind: str = "azure"


class ServicePrincipalSecret(Mapped):
    tenant_id: Annotated[Guid, At("tenantId"), Beside()]
    client_id: Annotated[Guid, At("clientId"), Beside()]
    client_secret: Annotated[Sensitive[str], At("clientSecret")]
    subscription_id: Annotated[Guid, At("subscriptionId"), Beside()]


class AzureBlobStorage(Storage):
    segment: ClassVar = "azure"
    wait: ClassVar = WAIT
    patience: ClassVar = WAIT.patience
    unknown: ClassVar = UNKNOWN_SECRET
    terraform: ClassVar = {"client_secret": ("azure_storage_config", "azure_client_secret")}
    needs: ClassVar = (
        "The service principal needs the roles of `azure.ACCOUNT_ROLES` at the storage account; "
        "`az role assignment list --scope` shows who has what."
    )

    kind: Annotated[Literal["azure"], Replaces()] = "azure"
    container: Annotated[
        str,
        At("containerName"),
        matches(r"[^/\s]+", "a container's name has no slash and is not empty"),
    ]
    storage_account: Annotated[
        str, At("storageName"), matches(r"[a-z0-9]{3,24}", "3 to 24 of a-z and 0-9")
    ]
    resource_group: Annotated[
        str, At("resourceGroup"), matches(r"[^/]+", "a resource group's name is not empty")
    ]
    credentials: Annotated[ServicePrincipalSecret, At("credentials")]
    sku: Annotated[str | None, At("sku")] = None
    client_cloud: Annotated[
        Literal["public", "azure-government", "azure-china"], At("credentials.clientCloud")
    ] = "public"

    def location_key(self) -> tuple[str | None, ...]:
        return self.storage_account, self.container, self.client_cloud

    def probe(self, run: Run, patience: Patience, who: str) -> None:
        blobs, name = run.client(AzureBlobClient), probe_key()
        keys = self.credentials
        where = ContainerRef(
            self.client_cloud,
            keys.subscription_id,
            self.resource_group,
            self.storage_account,
            self.container,
        )
        secret = ServicePrincipalLogin(keys.tenant_id, keys.client_id, keys.client_secret)

        def not_yet(error: BaseException) -> float:
            if not isinstance(error, ApiError):
                return 0
            return WRONG_SECRET if error.code in UNKNOWN_SECRET else error.code in REFUSED

        patience.until(
            lambda: blobs.round_trip(where, secret, name),
            not_yet,
            f"{who}: waiting for Azure to accept the client secret of {keys.client_id}",
        )

    def validate_in(
        self, palette: PaletteClient, project: str, patience: Patience, who: str
    ) -> None:
        body = {
            "tenantId": self.credentials.tenant_id,
            "clientId": self.credentials.client_id,
            "clientSecret": self.credentials.client_secret,
            "azureEnvironment": CLOUDS[self.client_cloud].official,
        }
        accepted_by_palette(
            lambda: palette.call("POST", VALIDATE, body, project=project), patience, who
        )
