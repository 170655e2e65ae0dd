"""A trial goes where Palette and the clusters go, and reads back what it wrote or nothing."""

import pytest

from palette_backup_provider.clients.gcp.rest import STORAGE, Rest
from palette_backup_provider.clients.gcp.trial import GcsClient, _Objects
from palette_backup_provider.clients.rest.http import Answer
from palette_backup_provider.core.errors import UnreadableAnswer
from palette_backup_provider.core.settings import SANDBOX, Settings

GOOGLE = {"GOOGLE_STORAGE_CUSTOM_ENDPOINT": "https://elsewhere.test"}
IN_CONFIG = {"gcp:storageCustomEndpoint": "https://elsewhere.test"}


@pytest.mark.parametrize(("config", "variables"), [({}, GOOGLE), (IN_CONFIG, {})])
def test_it_goes_to_the_public_cloud(config: dict[str, str], variables: dict[str, str]) -> None:
    usual = GcsClient.connect(Settings(config.get, variables))
    assert STORAGE.endpoint(usual._settings) == "https://storage.googleapis.com"
    simulated = GcsClient.connect(Settings(config.get, {**variables, SANDBOX: "t"}))
    assert STORAGE.endpoint(simulated._settings) == "https://elsewhere.test"


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b"5"])
def test_what_is_no_text_was_never_written(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    monkeypatch.setattr(Rest, "send", lambda *_, **__: Answer(200, {}, body, ""))
    rest = Rest(Settings(lambda _: None, {}), dict)
    with pytest.raises(UnreadableAnswer):
        _Objects("backups", rest).get("probe")
