"""The life of a backup location on AWS without a key."""

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID

from tests.sandbox.aws.components import STS
from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.palette.inspector import Palette
from tests.sandbox.stack import Stack


def test_a_first_preview_shows_the_trust_policy(stack: Stack) -> None:
    stack.program(STS.program)
    (role,) = [s["newState"]["inputs"] for u, s in stack.steps().items() if "aws:Role" in u]
    palette, cluster = role["trust_policy"]["Statement"]
    assert palette["Principal"]["AWS"].startswith("arn:aws:iam::555555555555:root")
    assert len(palette["Condition"]["StringEquals"]["sts:ExternalId"]) > 8
    assert cluster["Principal"]["AWS"] == f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:root"


@pytest.mark.live("aws", "palette")
def test_from_nothing_to_nothing(stack: Stack, palette: Palette, aws: AwsInspector) -> None:
    stack.program(STS.program.replace(DEFAULT_ACCOUNT_ID, aws.account()))
    stack.up()
    STS.works(palette, aws)
    stack.settled()
    stack.set("team", "platform")
    assert [s["op"] for s in stack.steps().values()] == ["update"]
    stack.set("region", "eu-west-1")
    stack.up()
    STS.works(palette, aws)
    stack.unchanged()
    stack.refresh("--expect-no-changes")
    stack.destroy()
    assert not palette.locations()
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
@pytest.mark.sampled
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
