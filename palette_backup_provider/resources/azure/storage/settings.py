"""The settings of a storage account: their places in ARM's JSON."""

from typing import Any

from palette_backup_provider.core import api_fields
from palette_backup_provider.core.api_fields import ApiField
from palette_backup_provider.resources.azure.storage.state import BYPASS, StorageAccountState

DEMANDED = {"BlobStorage": {"accessTier": "Hot"}}
"""What ARM demands of a new account of that kind, and refuses for others."""


SETTINGS = (
    ApiField("location", "location", fixed=True),
    ApiField("kind", "kind", fixed=True),
    ApiField("sku", "sku.name"),
    ApiField(
        "allowed_ips",
        "properties.networkAcls.ipRules",
        read=lambda rules: sorted(rule["value"] for rule in rules or []),
        write=lambda ips: [{"value": ip, "action": "Allow"} for ip in ips],
    ),
    ApiField(
        "allowed_subnets",
        "properties.networkAcls.virtualNetworkRules",
        read=lambda rules: sorted(rule["id"] for rule in rules or []),
        write=lambda subnets: [{"id": id, "action": "Allow"} for id in subnets],
    ),
    ApiField(
        "public_endpoint",
        "properties.publicNetworkAccess",
        read=lambda access: access in (None, "Enabled"),
        write=lambda enabled: "Enabled" if enabled else "Disabled",
    ),
    ApiField(
        "open_to_all_networks",
        "properties.networkAcls.defaultAction",
        absent="Allow",
        read=lambda action: action == "Allow",
        write=lambda is_open: "Allow" if is_open else "Deny",
    ),
    ApiField("bypass", "properties.networkAcls.bypass", absent=BYPASS),
    ApiField("tls_version", "properties.minimumTlsVersion", absent="TLS1_0"),
    ApiField("https_only", "properties.supportsHttpsTrafficOnly", absent=True),
    ApiField(
        "public_access_blocked",
        "properties.allowBlobPublicAccess",
        absent=False,
        read=lambda allowed: allowed is False,
        write=lambda blocked: not blocked,
    ),
    ApiField(
        "shared_keys",
        "properties.allowSharedKeyAccess",
        read=lambda allowed: allowed is not False,
    ),
)


def creation(want: StorageAccountState) -> dict[str, Any]:
    """The request that makes the account, without its tags."""
    request = api_fields.body(SETTINGS, want, new=True)
    request["properties"] |= DEMANDED.get(want.kind, {})
    return request


def patch(want: StorageAccountState) -> dict[str, Any]:
    """The request that changes the account to `want`, without its tags."""
    return api_fields.body(SETTINGS, want, new=False)


def read(account: dict[str, Any]) -> dict[str, Any]:
    """The fields of state that `account`, as ARM has it, shows."""
    return api_fields.read(SETTINGS, account)
