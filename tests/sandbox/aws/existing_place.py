"""A bucket of somebody else's on AWS."""

from typing import Any

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox import existing_s3
from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.existing_place import ExistingPlace


def _s3(running: Sandbox) -> Any:
    return AwsInspector(running.env).client("s3")


def _made(running: Sandbox) -> None:
    _s3(running).create_bucket(Bucket="theirs", ObjectLockEnabledForBucket=True)


EXISTING = ExistingPlace(
    "aws:Bucket",
    """\
        AwsBackupLocation("n", AwsBackupLocationArgs(
            region="us-east-1", existing_bucket="theirs"))
        """,
    _made,
    lambda running: existing_s3.spoil(_s3(running)),
    lambda running: existing_s3.heal(_s3(running)),
    existing_s3.REFUSALS,
    {"region": "us-east-1", "arn": "arn:aws:s3:::theirs"},
    """\
        bucket = aws.Bucket("shared", region="us-east-1")
        user = aws.User("shared")
        AwsBackupLocation("n", region="us-east-1", existing_bucket=bucket.name)
        AwsBackupLocation("m", region="us-east-1", existing_bucket=bucket.name,
            existing_user=user.name, probe=False, palette_validate=False)
        """,
)
