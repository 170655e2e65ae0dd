"""The program that Azure's library runs to sign in."""

from pathlib import Path

from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.clients.azure.clouds import PUBLIC
from palette_backup_provider.clients.azure.connection import AzureConnection
from tests.unit.clients.program import Program


def azure() -> object:
    reach = AzureConnection(PUBLIC, None, None)
    return AzureClient(reach, tenant=None, subscription="s").tenant()


def azure_cli(folder: Path) -> dict[str, str]:
    return {"AZURE_TOKEN_CREDENTIALS": "AzureCliCredential"}


PROGRAMS = {
    "azure": Program("az", azure, azure_cli, named=False),
}
