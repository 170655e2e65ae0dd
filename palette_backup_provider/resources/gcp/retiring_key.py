"""The key of a service account that a rotation replaced, until its deadline."""

from dataclasses import dataclass

from pulumi import Input, Output

from palette_backup_provider.clients import gcp
from palette_backup_provider.clients.gcp import Email, GcpClient
from palette_backup_provider.core.retiring import Retiring, RetiringHandler
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.gcp.identity import Identity
from palette_backup_provider.resources.gcp.lost_keys import AccountKeys


@dataclass(kw_only=True)
class RetiringKeyArgs:
    """The old key of an `gcp.ServiceAccountKey` that rotates, which declares it by itself.

    Args:
        service_account: The email of the account.
        credential_id: The id of the key before the current one, empty while there is none.
        until: Until when it goes on working, such as `2026-11-24T12:30Z`; empty when that is over.
            Then this resource is replaced, and with it ends that key, after all else in the run
            succeeded.
        identity: Whose credentials delete the key. Default: those of the process.
    """

    service_account: Input[str]
    credential_id: Input[str] | None = None
    until: Input[str] | None = None
    identity: Input[Identity] | None = None


class State(Retiring):
    identity: gcp.Identity | None = None
    service_account: Email


class RetiringKeyHandler(RetiringHandler[GcpClient, State]):
    realm = "Google Cloud project"

    def whoami(self) -> str:
        return self.client.project()

    def revoke(self, have: State) -> None:
        AccountKeys(self.client, have.service_account).revoke(have.holds)


class RetiringKey(Resource[RetiringKeyArgs], handler=RetiringKeyHandler):
    """The key that a rotation replaced; deleting this deletes the key."""

    credential_id: Output[str]
