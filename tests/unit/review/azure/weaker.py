"""What weakens the protection of backups on Azure, and what holds them."""

from typing import Any

HOLDS_BACKUPS = ("azure:Container",)
WEAKER: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {
    "azure:StorageAccount": [
        ({"tls_version": "TLS1_2"}, {"tls_version": "TLS1_0"}),
        ({"allowed_ips": ["192.0.2.1"]}, {}),
    ],
    "azure:Container": [({}, {"public": True})],
    "azure-native:storage/v20240101:BlobServiceProperties": [
        ({"isVersioningEnabled": True}, {}),
        ({"deleteRetentionPolicy": {"enabled": True, "days": 9}}, {}),
    ],
}
