"""The client secret that a rotation replaced, until its deadline."""

from dataclasses import dataclass

from pulumi import Input, Output

from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.clients.azure.identity import Guid
from palette_backup_provider.core.rotation.retired import (
    RetiredCredential,
    RetiredCredentialHandler,
)
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.azure.entra.secret_notes import ApplicationSecrets
from palette_backup_provider.resources.azure.identity import AzureState, InTenant, TenantArgs
from palette_backup_provider.resources.azure.inits import RetiringSecretInit


@documented
@dataclass(kw_only=True)
class RetiringSecretArgs(TenantArgs):
    """The old secret of an `azure.ClientSecret` that rotates, which declares it by itself.

    Args:
        client_id: The application (client) id.
    """

    client_id: Input[str]


class RetiringSecretState(AzureState, RetiredCredential):
    client_id: Guid


class RetiringSecretHandler(InTenant, RetiredCredentialHandler[AzureClient, RetiringSecretState]):
    def revoke(self, have: RetiringSecretState, id: str) -> None:
        ApplicationSecrets(self.client, have.client_id).revoke(id)


class RetiringSecret(
    RetiringSecretInit, Resource[RetiringSecretArgs], handler=RetiringSecretHandler
):
    """The secret that a rotation replaced; deleting this removes the secret."""

    credential_id: Output[str | None]
    until: Output[str | None]
