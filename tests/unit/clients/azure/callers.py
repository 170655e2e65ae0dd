"""How Azure is called."""

import os
from dataclasses import replace

from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.clients.azure.clouds import PUBLIC, Cloud
from palette_backup_provider.clients.azure.connection import AzureConnection, send
from palette_backup_provider.clients.azure.ways import Way
from palette_backup_provider.core.settings import Settings
from tests.unit.clients.caller import SECRET, Caller


def azure(url: str, ca: str) -> object:
    return send(
        AzureConnection(PUBLIC, None, None).http("Azure", url, dict), "GET", "/subscriptions/s"
    )


def azure_trusting(url: str, ca: str) -> object:
    reach = AzureConnection.connect(Settings({"palette:azureCaCert": ca}.get, {}))
    return send(reach.http("Azure", url, dict), "GET", "/v1/users/info")


class Elsewhere(AzureConnection):
    """A cloud that is all at one address."""

    def __init__(self, url: str, ca: str | None) -> None:
        super().__init__(PUBLIC, "there", ca)
        login = url if url.startswith("https") else PUBLIC.login  # azure-identity takes no other
        self._there = replace(PUBLIC, login=login, arm=url, graph=url)

    def cloud(self, name: str | None = None) -> Cloud:
        return self._there


def azure_client(url: str, ca: str | None, client_id: str | None) -> AzureClient:
    return AzureClient(
        Elsewhere(url, ca),
        tenant="a-tenant",
        subscription="s",
        way=Way(client_id=client_id, client_secret=client_id and SECRET),
    )


def azure_sign_in(url: str, ca: str) -> object:
    return azure_client(url, ca, "c").subscription()


def azure_managed(url: str, ca: str) -> object:
    return azure_client(url, None, None).subscription()


def app_service(url: str) -> dict[str, str]:
    return {"IDENTITY_ENDPOINT": url, "IDENTITY_HEADER": SECRET}


HOMES = {"AZURE_CONFIG_DIR": os.devnull}
"""Where its tools look for credentials."""
CALLERS = {
    "azure": Caller(azure, unpacks=True),
    "azure sign-in": Caller(
        azure_sign_in,
        tls=True,
        through="azure.identity.ClientSecretCredential.get_token",
        bundles=(),  # it has a CA of its own
        signs_in=True,
        told_as_it_is=True,
    ),
    "azure managed identity": Caller(
        azure_managed,
        app_service,
        through="azure.identity.DefaultAzureCredential.get_token",
        bundles=(),
        signs_in=True,
        among_others=True,
    ),
}
TRUSTING = {"azure": azure_trusting}
