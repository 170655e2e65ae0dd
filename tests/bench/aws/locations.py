"""Locations on AWS, with the operator's own key."""

from collections.abc import Mapping

from tests.sandbox.aws.inspector import AwsInspector

BUCKET = "existing"
STORAGE = f"""\
palette.S3(
    bucket="{BUCKET}",
    region="us-east-1",
    credentials=palette.StaticCredentials(
        access_key=os.environ["AWS_ACCESS_KEY_ID"],
        secret_key=os.environ["AWS_SECRET_ACCESS_KEY"],
    ),
)"""


def make_bucket(env: Mapping[str, str]) -> None:
    """Make the bucket that they are kept in."""
    AwsInspector(env).client("s3").create_bucket(Bucket=BUCKET)
