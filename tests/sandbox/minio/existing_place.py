"""A bucket of somebody else's on MinIO."""

from typing import Any

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox import existing_s3
from tests.sandbox.existing_place import ExistingPlace
from tests.sandbox.minio.inspector import MinioInspector


def _s3(running: Sandbox) -> Any:
    return MinioInspector(running.env).s3()


def _made(running: Sandbox) -> None:
    _s3(running).create_bucket(Bucket="theirs", ObjectLockEnabledForBucket=True)


EXISTING = ExistingPlace(
    "minio:Bucket",
    'MinioBackupLocation("n", MinioBackupLocationArgs(existing_bucket="theirs"))',
    _made,
    lambda running: existing_s3.spoil(_s3(running)),
    lambda running: existing_s3.heal(_s3(running)),
    existing_s3.REFUSALS,
    {"region": "us-east-1"},
    """\
        bucket = minio.Bucket("shared")
        for name in "nm":
            MinioBackupLocation(name, existing_bucket=bucket.name)
        """,
)
