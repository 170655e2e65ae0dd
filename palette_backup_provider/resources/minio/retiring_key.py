"""The access key of a MinIO user that a rotation replaced, until its deadline."""

from dataclasses import dataclass

from pulumi import Input, Output

from palette_backup_provider.clients import minio
from palette_backup_provider.clients.minio import MinioClient
from palette_backup_provider.core.retiring import Retiring, RetiringHandler
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.minio.identity import Identity


@dataclass(kw_only=True)
class RetiringKeyArgs:
    """The old key of a `minio.AccessKey` that rotates, which declares it by itself.

    Args:
        credential_id: The id of the key before the current one, empty while there is none.
        until: Until when it goes on working, such as `2026-11-24T12:30Z`; empty when that is over.
            Then this resource is replaced, and with it ends that key, after all else in the run
            succeeded.
        identity: The server, and who deletes the key. Default: the stack's settings.
    """

    credential_id: Input[str] | None = None
    until: Input[str] | None = None
    identity: Input[Identity] | None = None


class State(Retiring):
    identity: minio.Identity | None = None


class RetiringKeyHandler(RetiringHandler[MinioClient, State]):
    realm = "MinIO server"

    def whoami(self) -> str:
        return self.client.server()

    def revoke(self, have: State) -> None:
        self.client.admin("delete_service_account", have.holds)


class RetiringKey(Resource[RetiringKeyArgs], handler=RetiringKeyHandler):
    """The key that a rotation replaced; deleting this deletes the key."""

    credential_id: Output[str]
