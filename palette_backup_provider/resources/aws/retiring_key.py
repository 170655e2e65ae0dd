"""The access key that a rotation replaced, until its deadline."""

from dataclasses import dataclass

from pulumi import Input, Output

from palette_backup_provider.clients import aws
from palette_backup_provider.clients.aws import AwsClient
from palette_backup_provider.core.retiring import Retiring, RetiringHandler
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.aws.identity import Identity
from palette_backup_provider.resources.aws.lost_keys import UserKeys


@dataclass(kw_only=True)
class RetiringKeyArgs:
    """The old key of an `aws.AccessKey` that rotates, which declares it by itself.

    Args:
        user: The name of the user.
        credential_id: The id of the key before the current one, empty while there is none.
        until: Until when it goes on working, such as `2026-11-24T12:30Z`; empty when that is over.
            Then this resource is replaced, and with it ends that key, after all else in the run
            succeeded.
        identity: Whose credentials delete the key. Default: those of the process.
    """

    user: Input[str]
    credential_id: Input[str] | None = None
    until: Input[str] | None = None
    identity: Input[Identity] | None = None


class State(Retiring):
    identity: aws.Identity | None = None
    user: str


class RetiringKeyHandler(RetiringHandler[AwsClient, State]):
    realm = "AWS account"

    def whoami(self) -> str:
        return self.client.account()

    def revoke(self, have: State) -> None:
        UserKeys(self.client, have.user).delete(have.holds)


class RetiringKey(Resource[RetiringKeyArgs], handler=RetiringKeyHandler):
    """The key that a rotation replaced; deleting this deletes the key."""

    credential_id: Output[str]
