"""The example with pulumi-azure-native and -azuread, on their real SDKs: all that it asks for."""

import pytest

from palette_backup_provider import azure
from tests.official.mocked import TOLERANT, Asked, run

pytestmark = TOLERANT
GROUP = "azure-native:resources:ResourceGroup::nightly"
ACCOUNT = "azure-native:storage:StorageAccount::nightly"
CONTAINER = "azure-native:storage:BlobContainer::nightly"
APPLICATION = "azuread:index/application:Application::nightly"
PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal::nightly"
SECRET = "azuread:index/applicationPassword:ApplicationPassword::nightly"
LOCATION = "pulumi-python:dynamic/palette:BackupLocation::nightly"
ALLOWED = {
    f"azure-native:authorization:RoleAssignment::{role}": role for role in azure.ACCOUNT_ROLES
}
ID = "11111111-1111-1111-1111-111111111111"
SUBSCRIPTION = f"/subscriptions/{ID}"
GROUP_ID = f"{SUBSCRIPTION}/resourceGroups/the-group"
ACCOUNT_ID = f"{GROUP_ID}/providers/Microsoft.Storage/storageAccounts/theaccount"
ANSWERS = {
    "azure-native:authorization:getClientConfig": {
        "subscriptionId": ID,
        "tenantId": "the-tenant",
    },
    "azure-native:resources:ResourceGroup": {"name": "the-group"},
    "azure-native:storage:StorageAccount": {"id": ACCOUNT_ID, "name": "theaccount"},
    "azure-native:storage:BlobContainer": {"name": "the-container"},
    "azuread:index/application:Application": {
        "id": "/applications/the-object",
        "clientId": "the-client",
    },
    "azuread:index/servicePrincipal:ServicePrincipal": {"objectId": "the-principal"},
    "azuread:index/applicationPassword:ApplicationPassword": {"value": "the-secret"},
}


@pytest.fixture(scope="module")
def asked() -> dict[str, Asked]:
    for package in ("azure-native", "azuread"):
        pytest.importorskip(
            f"pulumi_{package.replace('-', '_')}",
            reason=f"pulumi-{package} is not installed: make official",
        )
    return run("pulumi-azure-native", {"azure-native:location": "westeurope"}, ANSWERS)


def test_the_prerequisites_and_the_location(asked: dict[str, Asked]) -> None:
    assert asked.keys() == {
        GROUP,
        ACCOUNT,
        CONTAINER,
        APPLICATION,
        PRINCIPAL,
        SECRET,
        LOCATION,
        *ALLOWED,
    }
    assert asked[GROUP].inputs == {}
    assert asked[ACCOUNT].inputs == {
        "resourceGroupName": "the-group",
        "kind": "StorageV2",
        "sku": {"name": "Standard_LRS"},
        "minimumTlsVersion": "TLS1_2",
        "enableHttpsTrafficOnly": True,
        "allowBlobPublicAccess": False,
        "allowSharedKeyAccess": True,
    }
    assert asked[CONTAINER].inputs == {
        "resourceGroupName": "the-group",
        "accountName": "theaccount",
        "publicAccess": "None",
    }
    assert asked[APPLICATION].inputs == {"displayName": "nightly"}
    assert asked[PRINCIPAL].inputs == {"clientId": "the-client"}
    assert asked[SECRET].inputs == {"applicationId": "/applications/the-object"}
    assert "value" in asked[SECRET].secret_outputs


def test_least_privilege_on_that_account(asked: dict[str, Asked]) -> None:
    for name, role in ALLOWED.items():
        assert asked[name].inputs == {
            "scope": ACCOUNT_ID,
            "roleDefinitionId": azure.role_definition(SUBSCRIPTION, role),
            "principalId": "the-principal",
            "principalType": "ServicePrincipal",
        }


def test_the_location_gets_the_new_secret_as_a_secret(asked: dict[str, Asked]) -> None:
    location = asked[LOCATION]
    storage = location.inputs["storage"]
    assert storage["container"] == "the-container"
    assert (storage["resource_group"], storage["storage_account"]) == ("the-group", "theaccount")
    assert storage["credentials"] == {
        "tenant_id": "the-tenant",
        "subscription_id": ID,
        "client_id": "the-client",
        "client_secret": "the-secret",
    }
    assert "storage.credentials.client_secret" in location.secrets
    assert location.after == {GROUP, ACCOUNT, CONTAINER, APPLICATION, SECRET, *ALLOWED}
