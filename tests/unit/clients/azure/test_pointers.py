"""An error of Azure names the check that finds out more."""

import pytest

from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.core.errors import ProviderError
from tests.unit.clients.caller import settings
from tests.unit.clients.loopback import Reply, serve


def test_a_sign_in_names_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProviderError, match=r"doctor --only azure\.sign-in` finds out more\."):
        AzureClient.connect(settings()).tenant()


@pytest.mark.parametrize(
    ("code", "status", "check"),
    [("AuthorizationFailed", 403, "permissions"), ("InvalidAuthenticationToken", 401, "sign-in")],
)
def test_refusals_name_the_check(
    code: str, status: int, check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = AzureClient.connect(settings())
    monkeypatch.setattr(client, "_token", lambda _: "token")
    with serve() as server, pytest.raises(ProviderError) as told:
        server.otherwise = Reply(status, {"error": {"code": code, "message": "no"}})
        cloud = client.connection.cloud()
        moved = cloud.__class__(**{**vars(cloud), "arm": server.url})
        monkeypatch.setattr(client.connection, "cloud", lambda: moved)
        client.arm("GET", "/subscriptions/x", version="1")
    assert f"doctor --only azure.{check}`" in str(told.value)
