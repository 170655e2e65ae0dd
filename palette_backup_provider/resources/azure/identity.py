"""Where in Azure a resource is made, as a program says it."""

from dataclasses import dataclass

from pulumi import Input


@dataclass(kw_only=True)
class Identity:
    """A subscription or tenant of its own for one resource, so that one stack can span several.

    The credentials stay those of the stack; they must be good there. Another subscription replaces
    what is in one, another tenant replaces all.

    Args:
        subscription: The subscription's GUID. Default: the stack's (`azure-native:subscriptionId`,
            else ARM_SUBSCRIPTION_ID).
        tenant: The tenant's GUID. Default: the stack's (`azure-native:tenantId`, else
            ARM_TENANT_ID).
    """

    subscription: Input[str] | None = None
    tenant: Input[str] | None = None
