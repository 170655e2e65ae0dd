"""Where Azure is told an address, and what it takes to ask there once."""

import pytest
from azure.core.pipeline.transport import HttpTransport

GUID = "12345678-1234-1234-1234-123456789abc"
CONFIG = {
    "azure-native:tenantId": GUID,
    "azure-native:subscriptionId": GUID,
    "azure-native:clientId": GUID,
    "azure-native:clientSecret": "s3cr3t-of-azure",
}
ADDRESSES = ("ARM_METADATA_HOSTNAME",)


def asked_once(patch: pytest.MonkeyPatch) -> None:
    """No pause is made before a call is repeated."""
    patch.setattr(HttpTransport, "sleep", lambda *_: None)
