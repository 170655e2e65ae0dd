"""Azure's locations: how they are spelled, and whether there is one of a name."""

from typing import Annotated

from palette_backup_provider.clients.azure.client import SUBSCRIPTIONS as LIST
from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.markers import Spelled
from palette_backup_provider.core.model import matches
from palette_backup_provider.core.places import nearest

_NAMES = """
australiacentral australiacentral2 australiaeast australiasoutheast austriaeast belgiumcentral
brazilsouth brazilsoutheast canadacentral canadaeast centralindia centralus chilecentral
chinaeast chinaeast2 chinaeast3 chinanorth chinanorth2 chinanorth3 denmarkeast eastasia eastus
eastus2 francecentral francesouth germanynorth germanywestcentral indonesiacentral
israelcentral italynorth japaneast japanwest jioindiacentral jioindiawest koreacentral
koreasouth malaysiawest mexicocentral newzealandnorth northcentralus northeurope norwayeast
norwaywest polandcentral qatarcentral southafricanorth southafricawest southcentralus
southeastasia southindia spaincentral swedencentral swedensouth switzerlandnorth
switzerlandwest uaecentral uaenorth uksouth ukwest usdodcentral usdodeast usgovarizona
usgoviowa usgovtexas usgovvirginia westcentralus westeurope westindia westus westus2 westus3
"""
KNOWN = frozenset(_NAMES.split())
"""Those that need no asking: of all others the subscription's own list decides."""


def spelled(location: str) -> str:
    """A location as ARM answers it; it takes "West Europe" too."""
    return location.replace(" ", "").lower()


Location = Annotated[
    str,
    Spelled(spelled),
    matches(
        r"[a-z0-9]+",
        "an Azure region's name, such as westeurope; give location= or set azure-native:location",
    ),
]


def absent(client: AzureClient, location: str) -> str | None:
    """Why a location cannot be had; None if it can, or if these credentials may not ask."""
    if location in KNOWN:
        return None
    try:
        locations = client.listed(f"/subscriptions/{client.subscription()}/locations", version=LIST)
    except ApiError:
        return None  # it is no more than a look ahead: ARM judges it again
    names = [location["name"] for location in locations]
    if location in names:
        return None
    return (
        f"{location!r} is no location that the subscription {client.subscription()} can use."
        f"{nearest(location, names)} `az account list-locations` lists all."
    )
