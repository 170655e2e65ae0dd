"""The Azure subscription or tenant that a resource is in."""

from dataclasses import dataclass
from typing import ClassVar

from pulumi import Input

from palette_backup_provider.clients.azure import identity as azure
from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.core.model import Model


@dataclass(kw_only=True)
class Identity:
    """A subscription or tenant of its own for one resource, so that one stack can span several.

    The credentials stay those of the stack, and must be valid there. A change replaces the
    resource.

    Args:
        subscription: The subscription's GUID. Default: the stack's (`azure-native:subscriptionId`,
            else ARM_SUBSCRIPTION_ID).
        tenant: The tenant's GUID. Default: the stack's (`azure-native:tenantId`, else
            ARM_TENANT_ID).
    """

    subscription: Input[str] | None = None
    tenant: Input[str] | None = None


@dataclass(kw_only=True)
class SubscriptionArgs:
    """What every resource in an Azure subscription takes.

    Args:
        identity: The subscription. Default: the stack's. Another subscription replaces the
            resource.
    """

    identity: Input[Identity] | None = None


@dataclass(kw_only=True)
class TenantArgs:
    """What every resource in an Entra tenant takes.

    Args:
        identity: The tenant. Default: the stack's. Another tenant replaces the resource.
    """

    identity: Input[Identity] | None = None


class AzureState(Model):
    """The subscription or tenant that a resource is in."""

    identity: azure.Identity | None = None


class InSubscription:
    """A handler in an Azure subscription."""

    realm: ClassVar[str] = "Azure subscription"
    client: AzureClient

    def whoami(self) -> str:
        return self.client.subscription()


class InTenant:
    """A handler in an Entra tenant."""

    realm: ClassVar[str] = "Entra tenant"
    client: AzureClient

    def whoami(self) -> str:
        return self.client.tenant()
