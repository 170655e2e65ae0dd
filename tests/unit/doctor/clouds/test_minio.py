"""What is told of a bucket on MinIO."""

import os

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from tests.unit.doctor.lines import line, stored
from tests.unit.doctor.ward import Ward


def test_a_bucket(ward: Ward) -> None:
    client = Run(Settings(lambda _: None, os.environ)).client(MinioClient)
    client.s3("make_bucket", "minio-backups")
    keys = {"kind": "secret", "access_key": "a", "secret_key": "the-secret-of-minio"}
    place = {"kind": "minio", "bucket": "minio-backups", "credentials": keys}
    stored(ward, url=client.identity.url, **place)
    assert line(ward, "location.bucket").endswith("is fit for Velero")
    ward.resources.clear()
    ward.sandbox.store.reset()
    stored(ward, url="https://another.example.com", **place)
    assert line(ward, "location.bucket") == "skipped: it is on another store than the settings"
