"""No accepted input gives a document that allows more than what it names on MinIO."""

from hypothesis import given

from palette_backup_provider import minio
from tests.contract.bucket_access import is_on_one_bucket
from tests.contract.tampering import demands_a_value, quickly, tampered


@quickly
@given(bucket=tampered("backups", "nightly-0a1b2c3d4e", "Old_Bucket.1"))
def test_access_is_on_one_bucket(bucket: str) -> None:
    is_on_one_bucket(minio.access_policy, bucket)


def test_an_output_is_told_what_to_do_with_it() -> None:
    demands_a_value(minio.access_policy)
