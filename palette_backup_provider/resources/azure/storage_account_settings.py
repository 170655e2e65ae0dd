"""The settings of a storage account: which there are, as ARM takes them and as it tells them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from palette_backup_provider.core.model import rule

NAME = rule(r"[a-z0-9]{3,24}", "3 to 24 lower-case letters and digits")
Sku = Literal[
    "Standard_LRS",
    "Standard_GRS",
    "Standard_RAGRS",
    "Standard_ZRS",
    "Standard_GZRS",
    "Standard_RAGZRS",
    "Premium_LRS",
    "Premium_ZRS",
]
Address = Annotated[
    str,
    rule(
        r"\d{1,3}(\.\d{1,3}){3}(/(\d|[12]\d|30))?",
        "an IPv4 address without a prefix, or a range up to /30, such as 203.0.113.0/24; Azure "
        "takes no /31 and /32",
    ),
]
SubnetId = Annotated[
    str,
    rule(
        r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Network/virtualNetworks/"
        r"[^/]+/subnets/[^/]+",
        "the id of a subnet, /subscriptions/…/virtualNetworks/…/subnets/…",
    ),
]
Sorted = AfterValidator(lambda found: sorted(set(found)))
Addresses = Annotated[list[Address], Sorted]
SubnetIds = Annotated[list[SubnetId], Sorted]
BYPASS = "AzureServices"
"""What gets in past network rules: the services of Azure's that Microsoft trusts."""
DEMANDED = {"BlobStorage": {"accessTier": "Hot"}}
"""What ARM demands of a new account of that kind, and refuses for others."""


def properties(want: Any) -> dict[str, Any]:
    """What ARM is to set."""
    return {
        "minimumTlsVersion": "TLS1_2",
        "supportsHttpsTrafficOnly": True,
        "allowBlobPublicAccess": False,
        "allowSharedKeyAccess": True,
        "publicNetworkAccess": "Enabled",
        "networkAcls": {
            "defaultAction": "Allow" if want.open_to_all else "Deny",
            "bypass": BYPASS,
            "ipRules": [{"value": ip, "action": "Allow"} for ip in want.allowed_ips],
            "virtualNetworkRules": [{"id": id, "action": "Allow"} for id in want.allowed_subnets],
        },
    }


def settings(found: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of state that an account, as ARM tells it, has."""
    told = found["properties"]
    network = told.get("networkAcls") or {}
    return {
        "location": found["location"],
        "kind": found["kind"],
        "sku": found["sku"]["name"],
        "allowed_ips": sorted(one["value"] for one in network.get("ipRules") or []),
        "allowed_subnets": sorted(one["id"] for one in network.get("virtualNetworkRules") or []),
        "public_endpoint": told.get("publicNetworkAccess") in (None, "Enabled"),
        "open_to_all": network.get("defaultAction", "Allow") == "Allow",
        "bypass": network.get("bypass", BYPASS),
        "tls_version": told.get("minimumTlsVersion", "TLS1_0"),
        "https_only": told.get("supportsHttpsTrafficOnly", True),
        "public_access_blocked": told.get("allowBlobPublicAccess", False) is False,
        "shared_keys": told.get("allowSharedKeyAccess") is not False,
    }
