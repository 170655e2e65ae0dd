"""The access key that a rotation replaced, until its deadline."""

from dataclasses import dataclass

from pulumi import Input, Output

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.core.rotation.retired import (
    RetiredCredential,
    RetiredCredentialHandler,
)
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.aws.iam.orphaned_keys import UserKeys
from palette_backup_provider.resources.aws.identity import AwsArgs, AwsState, InAwsAccount
from palette_backup_provider.resources.aws.inits import RetiringKeyInit


@documented
@dataclass(kw_only=True)
class RetiringKeyArgs(AwsArgs):
    """The old key of an `aws.AccessKey` that rotates, which declares it by itself.

    Args:
        user: The name of the user.
    """

    user: Input[str]


class RetiringKeyState(AwsState, RetiredCredential):
    user: str


class RetiringKeyHandler(InAwsAccount, RetiredCredentialHandler[AwsClient, RetiringKeyState]):
    def revoke(self, have: RetiringKeyState, id: str) -> None:
        UserKeys(self.client, have.user).delete(id)


class RetiringKey(RetiringKeyInit, Resource[RetiringKeyArgs], handler=RetiringKeyHandler):
    """The key that a rotation replaced; deleting this deletes the key."""

    credential_id: Output[str | None]
    until: Output[str | None]
