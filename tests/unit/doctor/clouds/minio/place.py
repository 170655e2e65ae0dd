"""A bucket on MinIO, for a stack's location."""

from collections.abc import Mapping

from palette_backup_provider.clients.rest.endpoint import host
from tests.sandbox.minio.inspector import MinioInspector
from tests.unit.doctor.place import BUCKET, Place


def place(env: Mapping[str, str]) -> Place:
    url = env["MINIO_ENDPOINT"]
    return Place(
        "minio",
        MinioInspector(env).s3(),
        env["MINIO_USER"],
        env["MINIO_PASSWORD"],
        f"{BUCKET}, {host(url)}",
        url,
    )
