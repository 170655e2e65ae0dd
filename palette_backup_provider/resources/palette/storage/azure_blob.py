"""Azure Blob Storage."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pulumi import Input

from palette_backup_provider.clients.azure import Guid
from palette_backup_provider.clients.azure_blob import AzureBlobClient, Place, Secret
from palette_backup_provider.clients.azure_cloud import CLOUDS
from palette_backup_provider.clients.azure_refusal import REFUSED, UNKNOWN_SECRET
from palette_backup_provider.clients.palette import PaletteClient
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.handler import Clients
from palette_backup_provider.core.model import Model, Replaces, Sensitive, rule
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.resources.palette.storage.base import (
    Storage,
    accepted_by_palette,
    clear,
    probe_key,
)

VALIDATE = "/v1/clouds/azure/account/validate"
WRONG_SECRET = 120.0
"""Seconds in which a wrong secret may still mean one that is not known everywhere."""


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


class ServicePrincipalSecret(Model):
    tenant_id: Guid
    client_id: Guid
    client_secret: Sensitive[str]
    subscription_id: Guid


class AzureBlobStorage(Storage):
    segment: ClassVar = "azure"
    patience: ClassVar = Patience(600, "palette:azureWait")
    wait: ClassVar = "PALETTE_AZURE_WAIT"

    kind: Annotated[Literal["azure"], Replaces()] = "azure"
    container: Annotated[str, rule(r"[^/\s]+", "a container's name has no slash and is not empty")]
    storage_account: Annotated[str, rule(r"[a-z0-9]{3,24}", "3 to 24 of a-z and 0-9")]
    resource_group: Annotated[str, rule(r"[^/]+", "a resource group's name is not empty")]
    credentials: ServicePrincipalSecret
    sku: str | None = None
    client_cloud: Literal["public", "azure-government", "azure-china"] = "public"

    def config(self) -> dict[str, Any]:
        optional = {"sku": self.sku} if self.sku else {}
        keys = self.credentials
        return {
            "containerName": self.container,
            "storageName": self.storage_account,
            "resourceGroup": self.resource_group,
            **optional,
            "credentials": {
                "tenantId": keys.tenant_id,
                "clientId": keys.client_id,
                "clientSecret": keys.client_secret,
                "subscriptionId": keys.subscription_id,
                "clientCloud": self.client_cloud,
            },
        }

    @classmethod
    def observed(cls, config: Mapping[str, Any], have: Self | None) -> Self:
        keys = config.get("credentials") or {}
        kept = have.credentials if have else None
        credentials = ServicePrincipalSecret.model_construct(
            tenant_id=clear(keys.get("tenantId")) or (kept.tenant_id if kept else ""),
            client_id=clear(keys.get("clientId")) or (kept.client_id if kept else ""),
            client_secret=kept.client_secret if kept else "",
            subscription_id=clear(keys.get("subscriptionId"))
            or (kept.subscription_id if kept else ""),
        )
        return cls.model_construct(
            kind="azure",
            container=config["containerName"],
            storage_account=config["storageName"],
            resource_group=config["resourceGroup"],
            credentials=credentials,
            sku=config.get("sku") or None,
            client_cloud=keys.get("clientCloud") or "public",
        )

    def place(self) -> tuple[str | None, ...]:
        return self.storage_account, self.container, self.client_cloud

    def probe(self, clients: Clients, patience: Patience, who: str) -> None:
        blobs, name = clients(AzureBlobClient), probe_key()
        keys, started = self.credentials, patience.clock()
        where = Place(
            self.client_cloud,
            keys.subscription_id,
            self.resource_group,
            self.storage_account,
            self.container,
        )
        secret = Secret(keys.tenant_id, keys.client_id, keys.client_secret)

        def not_yet(error: BaseException) -> bool:
            if not isinstance(error, ApiError):
                return False
            fresh = patience.clock() - started < WRONG_SECRET
            return error.code in REFUSED or (fresh and error.code in UNKNOWN_SECRET)

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
