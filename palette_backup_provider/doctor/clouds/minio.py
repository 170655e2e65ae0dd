"""MinIO."""

from collections.abc import Iterable

from palette_backup_provider.clients.minio import settings
from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.clients.minio.errors import sdk
from palette_backup_provider.clients.minio.permissions import permissions
from palette_backup_provider.clients.rest.endpoint import host
from palette_backup_provider.core.run import Run
from palette_backup_provider.doctor.cloud import ASKED_BY_NAME, Cloud
from palette_backup_provider.resources.minio.s3.velero_check import unfit_for_velero
from palette_backup_provider.resources.palette.storage.minio import MinioStorage


def _unfit(run: Run, storage: MinioStorage) -> Iterable[str] | None:
    client = run.client(MinioClient)
    if host(client.identity.url) != host(storage.url):
        return None
    return unfit_for_velero(client, storage.bucket)


CLOUD = Cloud(
    word="minio",
    name="MinIO",
    namespace=settings.NAMESPACE,
    sdk=sdk,
    module="minio",
    client=MinioClient,
    who=lambda client: f"{client.identity.user} on {client.server()}",
    keys=(settings.USER, settings.ACCESS_KEY),
    sign_in="set minio:minioServer, minio:minioUser and minio:minioPassword",
    realms={"MinIO server": MinioClient.server},
    permissions=permissions,
    tells="The server tells the policies of the user and its groups, without limits of a single "
    f"access key. {ASKED_BY_NAME}",
    storage=MinioStorage,
    skew=15,
    unfit=_unfit,
)
