"""The life of a backup location on AWS without a key."""

import pytest

from tests.sandbox.cloud import AwsEyes
from tests.sandbox.palette_cloud import Palette
from tests.sandbox.stack import Stack

PROGRAM = """\
nightly = AwsStsBackupLocation(
    own + "nightly",
    AwsStsBackupLocationArgs(
        region=config.get("region") or "us-east-1",
        principals=["999988887777"],
        tags={"team": config.get("team") or "storage"},
    ),
)
pulumi.export("uid", nightly.location_uid)
pulumi.export("bucket", nightly.bucket_name)
pulumi.export("role", nightly.role_arn)
"""
TYPES = ["aws:Bucket", "aws:Policy", "aws:Role", "palette:AwsStsAccount", "palette:BackupLocation"]


def works(palette: Palette, aws: AwsEyes) -> None:
    """Palette holds one location, whose role does what Velero needs and nothing else; no key of it
    exists anywhere."""
    (location,) = palette.locations()
    config = location["body"]["spec"]["config"]
    credentials = config["credentials"]
    keys = aws.session(credentials["sts"]["arn"])
    aws.can_back_up(keys, config["bucketName"])
    with aws.bucket("somebody-elses") as other:
        aws.reaches_nothing_else(keys, other)
    assert credentials["credentialType"] == "sts"
    (role,) = aws.roles()
    assert credentials["sts"]["arn"].endswith(f":role/{role}")
    assert [len(aws.buckets()), len(aws.policies()), aws.users()] == [1, 1, []]


def test_a_first_preview_shows_the_trust_policy(stack: Stack) -> None:
    stack.program(PROGRAM)
    (role,) = [s["newState"]["inputs"] for u, s in stack.steps().items() if "aws:Role" in u]
    palette, cluster = role["trust_policy"]["Statement"]
    assert palette["Principal"]["AWS"].startswith("arn:aws:iam::555555555555:root")
    assert len(palette["Condition"]["StringEquals"]["sts:ExternalId"]) > 8
    assert cluster["Principal"]["AWS"] == "arn:aws:iam::999988887777:root"


@pytest.mark.live("aws", "palette")
def test_from_nothing_to_nothing(stack: Stack, palette: Palette, aws: AwsEyes) -> None:
    stack.program(PROGRAM.replace("999988887777", aws.account()))
    stack.up()
    works(palette, aws)
    stack.unchanged()
    stack.set("team", "platform")
    assert [s["op"] for s in stack.steps().values()] == ["update"]
    stack.set("region", "eu-west-1")
    stack.up()
    works(palette, aws)
    stack.unchanged()
    stack.refresh("--expect-no-changes")
    stack.destroy()
    assert not palette.locations()
    assert aws.nothing_left()


@pytest.mark.live("aws", "palette")
def test_forced_replacements_leave_one_that_works(
    stack: Stack, palette: Palette, aws: AwsEyes
) -> None:
    stack.program(PROGRAM.replace("999988887777", aws.account()))
    stack.up()
    for type in TYPES:
        stack.up("--replace", stack.urn(type))
        works(palette, aws)
    stack.unchanged()
    stack.destroy()
    assert aws.nothing_left()


@pytest.mark.parametrize(
    ("credentials", "says"),
    [
        (
            'role_arn="arn:aws-us-gov:iam::123456789012:role/r", external_id="e1"',
            "is of another partition than us-east-1",
        ),
        (
            'role_arn="arn:aws:iam::123456789012:role/r", external_id=None',
            "storage.credentials.external_id: is required",
        ),
        (
            'role_arn="some-role", external_id="e1"',
            "storage.credentials.role_arn: 'some-role' is not allowed: the ARN of an IAM role",
        ),
    ],
)
def test_bad_input_is_refused_in_preview(stack: Stack, credentials: str, says: str) -> None:
    stack.program(
        f"""\
        keys = palette.StsCredentials({credentials})
        storage = palette.S3(bucket="b", region="us-east-1", credentials=keys)
        palette.BackupLocation("nightly", palette.BackupLocationArgs(storage=storage))
        """
    )
    errors = stack.preview(ok=False).errors
    assert says in errors
    assert "Traceback" not in errors
