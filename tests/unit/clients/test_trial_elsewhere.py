"""A trial goes where Palette and the clusters go: no setting leads it elsewhere but a sandbox's."""

import pytest

from palette_backup_provider.clients.azure.clouds import CLOUDS
from palette_backup_provider.clients.azure.trial import AzureBlobClient
from palette_backup_provider.clients.gcp.rest import STORAGE
from palette_backup_provider.clients.gcp.trial import GcsClient
from palette_backup_provider.core.settings import SANDBOX, Settings

GOOGLE = {"GOOGLE_STORAGE_CUSTOM_ENDPOINT": "https://elsewhere.test"}
AZURE = {
    "ARM_METADATA_HOSTNAME": "elsewhere.test",
    "ARM_ENVIRONMENT": "no cloud at all",
    "PALETTE_AZURE_CA_CERT": "a-ca.pem",
}
IN_CONFIG = {"gcp:storageCustomEndpoint": "https://elsewhere.test"}


@pytest.mark.parametrize(("config", "variables"), [({}, GOOGLE), (IN_CONFIG, {})])
def test_google(config: dict[str, str], variables: dict[str, str]) -> None:
    usual = GcsClient.connect(Settings(config.get, variables))
    assert STORAGE.endpoint(usual._settings) == "https://storage.googleapis.com"
    simulated = GcsClient.connect(Settings(config.get, {**variables, SANDBOX: "t"}))
    assert STORAGE.endpoint(simulated._settings) == "https://elsewhere.test"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_azure(cloud: str) -> None:
    reach = AzureBlobClient.connect(Settings(lambda _: None, AZURE))._connection
    assert (reach.cloud(cloud), reach.elsewhere) == (CLOUDS[cloud], False)
    assert reach.ca == "a-ca.pem"
    there = {**AZURE, "ARM_ENVIRONMENT": "public", SANDBOX: "t"}
    assert AzureBlobClient.connect(Settings(lambda _: None, there))._connection.elsewhere
