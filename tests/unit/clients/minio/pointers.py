"""Errors of MinIO, each with the check that finds out more."""

from palette_backup_provider.clients.minio.client import MinioClient
from tests.unit.clients.caller import settings
from tests.unit.clients.loopback import Reply

S3 = "<Error><Code>{0}</Code><Message>no</Message></Error>"
TYPE = {"Content-Type": "application/xml"}


def minio(url: str) -> object:
    keys = {"minio_minioUser": "user", "minio_minioPassword": "password"}
    return MinioClient.connect(settings(**keys, minio_minioServer=url)).s3("list_buckets")


POINTERS = [
    (minio, None, "minio.sign-in"),
    (minio, Reply(403, S3.format("InvalidAccessKeyId"), TYPE), "minio.sign-in"),
    (minio, Reply(403, S3.format("AccessDenied"), TYPE), "minio.permissions"),
]
