"""A trial goes where Palette and the clusters go: no setting leads it elsewhere but a sandbox's."""

import pytest

from palette_backup_provider.clients.azure.clouds import CLOUDS
from palette_backup_provider.clients.azure.trial import AzureBlobClient
from palette_backup_provider.core.settings import SANDBOX, Settings

AZURE = {
    "ARM_METADATA_HOSTNAME": "elsewhere.test",
    "ARM_ENVIRONMENT": "no cloud at all",
    "PALETTE_AZURE_CA_CERT": "a-ca.pem",
}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_it_goes_to_a_public_cloud(cloud: str) -> None:
    reach = AzureBlobClient.connect(Settings(lambda _: None, AZURE))._connection
    assert (reach.cloud(cloud), reach.elsewhere) == (CLOUDS[cloud], False)
    assert reach.ca == "a-ca.pem"
    there = {**AZURE, "ARM_ENVIRONMENT": "public", SANDBOX: "t"}
    assert AzureBlobClient.connect(Settings(lambda _: None, there))._connection.elsewhere
