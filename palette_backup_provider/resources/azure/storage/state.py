"""A storage account as its handler and its settings see it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from palette_backup_provider.core.holding import Retainable
from palette_backup_provider.core.markers import (
    AutoNamed,
    Derived,
    FromSetting,
    Replaces,
    Unchangeable,
)
from palette_backup_provider.resources.azure.arm.locations import Location
from palette_backup_provider.resources.azure.arm.scopes import GroupName
from palette_backup_provider.resources.azure.identity import AzureState
from palette_backup_provider.resources.azure.mark import Tags
from palette_backup_provider.resources.azure.storage.rules import NAME, Addresses, Sku, SubnetIds

BYPASS = "AzureServices"
"""The exception from network rules: services of Azure that Microsoft trusts."""


class StorageAccountState(AzureState, Retainable):
    resource_group: Unchangeable[GroupName]
    location: Annotated[Location, Replaces(), FromSetting("azure-native:location")] = ""
    kind: Unchangeable[Literal["StorageV2", "BlobStorage", "BlockBlobStorage"]] = "StorageV2"
    name: Annotated[str, Replaces(), AutoNamed(24, separator=""), NAME]
    resource_id: Annotated[str, Derived()] = ""
    """The path of the account in ARM."""
    subscription_id: Annotated[str, Derived()] = ""
    """The subscription of the account."""
    client_cloud: Annotated[str, Derived()] = "public"
    """What Palette calls the cloud of the account."""
    sku: Sku = "Standard_LRS"
    allowed_ips: Addresses = Field(default_factory=list)
    allowed_subnets: SubnetIds = Field(default_factory=list)
    public_endpoint: Annotated[bool, Derived()] = True
    """Whether the account has its public endpoint, which Palette and the clusters use."""
    open_to_all_networks: Annotated[bool, Derived()] = True
    """Whether any network reaches the account: without `allowed_ips` and `allowed_subnets`."""
    bypass: Annotated[str, Derived()] = BYPASS
    """What gets in past the network rules."""
    tags: Annotated[Tags, FromSetting("palette:tags")] = Field(default_factory=dict)
    tls_version: Annotated[str, Derived()] = "TLS1_2"
    """The oldest version of TLS that the account takes."""
    https_only: Annotated[bool, Derived()] = True
    """Whether the account refuses plain http."""
    public_access_blocked: Annotated[bool, Derived()] = True
    """Whether no container can be made public."""
    shared_keys: Annotated[bool, Derived()] = True
    """Whether the keys of the account itself work."""

    @classmethod
    def upgraded(cls, props: Mapping[str, Any]) -> Mapping[str, Any]:
        if "open_to_all" not in props:
            return props
        return {"open_to_all_networks": props["open_to_all"], **props}
