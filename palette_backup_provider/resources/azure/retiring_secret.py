"""The client secret that a rotation replaced, until its deadline."""

from dataclasses import dataclass

from pulumi import Input, Output

from palette_backup_provider.clients import azure
from palette_backup_provider.clients.azure import AzureClient, Guid
from palette_backup_provider.core.retiring import Retiring, RetiringHandler
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.azure.identity import Identity
from palette_backup_provider.resources.azure.secret_notes import ApplicationSecrets


@dataclass(kw_only=True)
class RetiringSecretArgs:
    """The old secret of an `azure.ClientSecret` that rotates, which declares it by itself.

    Args:
        client_id: The application (client) id.
        credential_id: The id of the secret before the current one, empty while there is none.
        until: Until when it goes on working, such as `2026-11-24T12:30Z`; empty when that is over.
            Then this resource is replaced, and with it ends that secret, after all else in the run
            succeeded.
        identity: Whose credentials remove the secret. Default: those of the process.
    """

    client_id: Input[str]
    credential_id: Input[str] | None = None
    until: Input[str] | None = None
    identity: Input[Identity] | None = None


class State(Retiring):
    identity: azure.Identity | None = None
    client_id: Guid


class RetiringSecretHandler(RetiringHandler[AzureClient, State]):
    realm = "Entra tenant"

    def whoami(self) -> str:
        return self.client.tenant()

    def revoke(self, have: State) -> None:
        ApplicationSecrets(self.client, have.client_id).revoke(have.holds)


class RetiringSecret(Resource[RetiringSecretArgs], handler=RetiringSecretHandler):
    """The secret that a rotation replaced; deleting this removes the secret."""

    credential_id: Output[str]
