"""The key of a service account that a rotation replaced, until its deadline."""

from dataclasses import dataclass

from pulumi import Input, Output

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.identity import Email
from palette_backup_provider.core.rotation.retired import (
    RetiredCredential,
    RetiredCredentialHandler,
)
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.gcp.iam.orphaned_keys import AccountKeys
from palette_backup_provider.resources.gcp.identity import GcpArgs, GcpState, InProject
from palette_backup_provider.resources.gcp.inits import RetiringKeyInit


@documented
@dataclass(kw_only=True)
class RetiringKeyArgs(GcpArgs):
    """The old key of an `gcp.ServiceAccountKey` that rotates, which declares it by itself.

    Args:
        service_account: The email of the account.
    """

    service_account: Input[str]


class RetiringKeyState(GcpState, RetiredCredential):
    service_account: Email


class RetiringKeyHandler(InProject, RetiredCredentialHandler[GcpClient, RetiringKeyState]):
    def revoke(self, have: RetiringKeyState, id: str) -> None:
        AccountKeys(self.client, have.service_account).revoke(id)


class RetiringKey(RetiringKeyInit, Resource[RetiringKeyArgs], handler=RetiringKeyHandler):
    """The key that a rotation replaced; deleting this deletes the key."""

    credential_id: Output[str | None]
    until: Output[str | None]
