"""Locations on Azure."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from tests.terraform_made.s3 import scopes
from tests.terraform_made.secrets import SECRET

GUID = "0a1b2c3d-0000-0000-0000-00000000000{}"
KIND, TYPED, APART = "azure", True, 2
LEFT_OUT = {"sku"}
SECRETS = {"azure_client_secret": SECRET}
UNUSABLE: dict[str, tuple[str, dict[str, Any]]] = {}


def body(told: dict[str, Any]) -> dict[str, Any]:
    (azure,) = told["azure_storage_config"]
    return {
        "containerName": azure["container_name"],
        "credentials": {
            "clientCloud": "public",
            "clientId": azure["azure_client_id"],
            "clientSecret": azure["azure_client_secret"],
            "subscriptionId": azure["subscription_id"],
            "tenantId": azure["azure_tenant_id"],
        },
        "resourceGroup": azure["resource_group"],
        "sku": azure["stock_keeping_unit"],
        "storageName": azure["storage_name"],
    }


def everything() -> Iterator[dict[str, Any]]:
    for sku, scope in product(("Standard_LRS", ""), scopes()):
        azure = {
            "container_name": "backups",
            "storage_name": "account1",
            "stock_keeping_unit": sku,
            "resource_group": "rg",
            "azure_tenant_id": GUID.format(1),
            "azure_client_id": GUID.format(2).upper(),
            "subscription_id": GUID.format(3),
            "azure_client_secret": SECRET,
        }
        yield {"azure_storage_config": [azure], **scope}
