"""The access key of a MinIO user that a rotation replaced, until its deadline."""

from dataclasses import dataclass

from pulumi import Output

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core.rotation.retired import (
    RetiredCredential,
    RetiredCredentialHandler,
)
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.minio.iam.user_keys import delete_key
from palette_backup_provider.resources.minio.identity import MinioArgs, MinioState, OnServer
from palette_backup_provider.resources.minio.inits import RetiringKeyInit


@documented
@dataclass(kw_only=True)
class RetiringKeyArgs(MinioArgs):
    """The old key of a `minio.AccessKey` that rotates, which declares it by itself."""


class RetiringKeyState(MinioState, RetiredCredential):
    """The id of the old key is all that its end needs."""


class RetiringKeyHandler(OnServer, RetiredCredentialHandler[MinioClient, RetiringKeyState]):
    def revoke(self, have: RetiringKeyState, id: str) -> None:
        delete_key(self.client, id)


class RetiringKey(RetiringKeyInit, Resource[RetiringKeyArgs], handler=RetiringKeyHandler):
    """The key that a rotation replaced; deleting this deletes the key."""

    credential_id: Output[str | None]
    until: Output[str | None]
