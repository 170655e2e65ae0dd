"""What signs nobody in to Azure is one readable line, and a token is asked for once."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.clients.azure.clouds import PUBLIC
from palette_backup_provider.clients.azure.connection import AzureConnection
from tests.unit.clients.signing_in import one_line, program

pytestmark = pytest.mark.usefixtures("nothing_to_sign_in_with")


SPN = {"AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c"}


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        (
            SPN | {"AZURE_CLIENT_CERTIFICATE_PATH": "/no/such/cert"},
            "/no/such/cert: No such file or directory. Set azure-native:clientId",
        ),
        (SPN | {"AZURE_CLIENT_CERTIFICATE_PATH": os.devnull}, "certificate"),
        (SPN | {"AZURE_FEDERATED_TOKEN_FILE": "/no/such/token"}, "/no/such/token"),
        ({"AZURE_TOKEN_CREDENTIALS": "nonsense"}, "AZURE_TOKEN_CREDENTIALS: nonsense"),
        (
            {"AZURE_TOKEN_CREDENTIALS": "InteractiveBrowserCredential"},
            "$AZURE_TOKEN_CREDENTIALS is InteractiveBrowserCredential, and nobody can be asked",
        ),
    ],
)
def test_what_azure_s_variables_name_and_is_not_there_is_one_line(
    environment: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", "/nowhere")
    client = AzureClient(AzureConnection(PUBLIC, None, None), tenant=None, subscription="s")
    text = one_line(client.tenant)
    assert says in text and "or sign in with `az login`" in text


def test_a_token_of_azure_s_is_asked_for_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """azure-identity runs `az` for every token that it is asked for."""
    soon = (datetime.now(UTC) + timedelta(hours=1)).astimezone().strftime("%Y-%m-%d %H:%M:%S.%f")
    token = "e30.eyJ0aWQiOiAidCJ9.x"
    told = json.dumps({"accessToken": token, "expiresOn": soon})
    program(tmp_path, "az", f"echo run >> {tmp_path}/runs; echo '{told}'")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential")
    client = AzureClient(AzureConnection(PUBLIC, None, None), tenant=None, subscription="s")
    assert {client._token("https://a"), client._token("https://a"), client.tenant()} == {token, "t"}
    assert (tmp_path / "runs").read_text() == "run\n" * 2  # Graph's is another
