"""A trial goes where Palette and the clusters go: no setting leads it elsewhere but a sandbox's."""

import pytest

from palette_backup_provider.clients.gcp.rest import STORAGE
from palette_backup_provider.clients.gcp.trial import GcsClient
from palette_backup_provider.core.settings import SANDBOX, Settings

GOOGLE = {"GOOGLE_STORAGE_CUSTOM_ENDPOINT": "https://elsewhere.test"}
IN_CONFIG = {"gcp:storageCustomEndpoint": "https://elsewhere.test"}


@pytest.mark.parametrize(("config", "variables"), [({}, GOOGLE), (IN_CONFIG, {})])
def test_it_goes_to_the_public_cloud(config: dict[str, str], variables: dict[str, str]) -> None:
    usual = GcsClient.connect(Settings(config.get, variables))
    assert STORAGE.endpoint(usual._settings) == "https://storage.googleapis.com"
    simulated = GcsClient.connect(Settings(config.get, {**variables, SANDBOX: "t"}))
    assert STORAGE.endpoint(simulated._settings) == "https://elsewhere.test"
