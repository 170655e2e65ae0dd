"""A bucket on AWS, for a stack's location."""

from collections.abc import Mapping

from tests.sandbox.aws.inspector import AwsInspector
from tests.unit.doctor.place import BUCKET, REGION, Place


def place(env: Mapping[str, str]) -> Place:
    return Place(
        "s3",
        AwsInspector(env).client("s3"),
        env["AWS_ACCESS_KEY_ID"],
        env["AWS_SECRET_ACCESS_KEY"],
        f"{BUCKET}, {REGION}",
    )
