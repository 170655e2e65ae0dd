"""Azure, with every kind of credential that an operator may have, and a server that quotes all it
was sent and all it knows: nothing of a secret is in what the person at the terminal reads.
"""

import json
from functools import partial
from pathlib import Path

import pytest
import trustme

from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.clients.azure.connection import AzureConnection
from palette_backup_provider.clients.azure.trial import AzureBlobClient, Blobs, ContainerRef
from palette_backup_provider.clients.azure.trial import ServicePrincipalLogin as ServicePrincipal
from palette_backup_provider.core import secrets
from palette_backup_provider.core.settings import Settings
from tests.unit.clients.echo import Echo, as_oauth, as_xml, planted, refusal
from tests.unit.core.echoes import shown

GUID = "12345678-1234-1234-1234-123456789abc"
pytestmark = pytest.mark.usefixtures("nothing_known")


def _addresses(url: str, call: str) -> str | None:
    """What the metadata host, and the login service, tell of addresses."""
    if "openid-configuration" in call:
        login = f"{url}/{GUID}/oauth2/v2.0"
        return json.dumps(
            {
                "token_endpoint": f"{login}/token",
                "authorization_endpoint": f"{login}/authorize",
                "issuer": f"{url}/{GUID}/v2.0",
            }
        )
    if "/metadata/endpoints" in call:
        cloud = {
            "name": "AzureCloud",
            "authentication": {"loginEndpoint": url},
            "resourceManager": url,
            "microsoftGraphResourceId": url,
        }
        return json.dumps([cloud])
    return None


def _azure(secure: Echo, ca: trustme.CA, folder: Path) -> dict[str, str]:
    secure.answers = partial(_addresses, secure.url)
    file = folder / "ca.pem"
    ca.cert_pem.write_to_path(str(file))
    return {
        "azure-native:metadataHost": secure.url.removeprefix("https://"),
        "palette:azureCaCert": str(file),
        "azure-native:tenantId": GUID,
        "azure-native:subscriptionId": GUID,
        "azure-native:clientId": GUID,
        "azure-native:clientSecret": planted("azure"),
    }


def test_a_client_secret(secure: Echo, ca: trustme.CA, tmp_path: Path) -> None:
    config = _azure(secure, ca, tmp_path)
    secure.refuses, secure.knows = as_oauth, [config["azure-native:clientSecret"]]
    client = AzureClient.connect(Settings(config.get, {}))
    assert "did not let us sign in" in refusal(client.subscription, *secure.knows)


@pytest.mark.parametrize(
    "variable",
    ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "ARM_SAS_TOKEN", "MSI_SECRET"],
)
def test_what_its_library_reads_of_the_environment(variable: str) -> None:
    secret = planted(variable)
    Settings(lambda _: None, {variable: secret})
    assert shown(secret, secrets.cleared(f"it is {secret}")) == []


@pytest.mark.parametrize(
    "variable", ["AZURE_FEDERATED_TOKEN_FILE", "AZURE_CLIENT_CERTIFICATE_PATH"]
)
def test_what_its_library_reads_of_files(
    secure: Echo, ca: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    secret = planted(variable)
    (tmp_path / "file").write_text(secret)
    monkeypatch.setenv(variable, str(tmp_path / "file"))
    config = _azure(secure, ca, tmp_path)
    secure.refuses = as_oauth
    refusal(AzureClient.connect(Settings(config.get, {})).tenant)
    assert shown(secret, secrets.cleared(f"it is {secret}")) == []


def test_a_given_client_secret(secure: Echo, ca: trustme.CA, tmp_path: Path) -> None:
    secret = planted("given")
    secure.refuses, secure.knows = as_oauth, [secret]
    secrets.remember(secret)  # as every model does with what is marked
    reach = AzureConnection.connect(Settings(_azure(secure, ca, tmp_path).get, {}))
    where = ContainerRef("public", GUID, "g", "account", "c")
    blobs = AzureBlobClient(reach)
    given = ServicePrincipal(GUID, GUID, secret)
    refusal(lambda: blobs.round_trip(where, given, "n"), secret)
    key = "Zm9vYmFyYmF6cXV4" * 5 + "Zm9v/+=="
    secure.refuses, secure.knows = as_xml, [key]
    opened = Blobs.opened(reach, secure.url, "account", key, "c")
    refusal(lambda: opened.put("n", b""), key)
