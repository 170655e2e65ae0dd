"""What another hand changed or deleted is seen, told, and put right; and nothing else is."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID

from tests.sandbox import test_aws, test_aws_sts, test_azure, test_gcp, test_minio
from tests.sandbox.conftest import Control
from tests.sandbox.crash_programs import sampled
from tests.sandbox.hands import DENY, Hand
from tests.sandbox.stack import Stack


@dataclass(frozen=True)
class Case:
    """A component, and the types of what another hand changes."""

    name: str
    program: str
    concerns: set[str]
    works: Callable[..., None]
    eyes: str


CASES = [
    Case(
        "AwsBackupLocation",
        test_aws.PROGRAM,
        {"aws:Bucket", "aws:Policy", "aws:User", "aws:AccessKey"},
        test_aws.works,
        "aws",
    ),
    Case(
        "AwsStsBackupLocation",
        test_aws_sts.PROGRAM.replace("999988887777", DEFAULT_ACCOUNT_ID),
        {"aws:Bucket", "aws:Policy", "aws:Role"},
        test_aws_sts.works,
        "aws",
    ),
    Case(
        "GcpBackupLocation",
        test_gcp.PROGRAM,
        {
            "gcp:Bucket",
            "gcp:BucketAccess",
            "gcp:ServiceAccount",
            "gcp:ServiceAccountKey",
            "gcp:SnapshotAccess",
        },
        test_gcp.works,
        "gcp",
    ),
    Case(
        "AzureBackupLocation",
        test_azure.PROGRAM,
        {
            "azure:ResourceGroup",
            "azure:StorageAccount",
            "azure:Application",
            "azure:ServicePrincipal",
            "azure:RoleAssignment",
            "azure:ClientSecret",
        },
        test_azure.works,
        "azure",
    ),
    Case(
        "MinioBackupLocation",
        test_minio.PROGRAM,
        {"minio:Bucket", "minio:Policy", "minio:User"},
        test_minio.works,
        "minio",
    ),
]


@pytest.fixture
def hand(env: dict[str, str], control: Control) -> Hand:
    return Hand(env, control)


def planned(stack: Stack) -> dict[str, str]:
    """What a preview with a refresh would do, by our own types."""
    found: dict[str, str] = {}
    for urn, step in stack.steps("--refresh").items():
        if "dynamic/" in urn and step["op"] != "refresh":
            found[urn.rpartition("::")[0].rpartition("/")[2]] = step["op"]
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_another_hand_changed_is_put_back(case: Case, stack: Stack, hand: Hand) -> None:
    stack.program(case.program)
    stack.up()
    stack.unchanged()
    hand.changes(case.name)

    seen = planned(stack)
    assert case.concerns | {"palette:BackupLocation"} <= seen.keys()
    stack.run("refresh", "--preview-only", "--expect-no-changes", ok=False)
    stack.run("preview", "--refresh", "--expect-no-changes", ok=False)
    shallow = stack.environment
    stack.environment = {**shallow, "PALETTE_DEEP_REFRESH": "true"}
    assert "- refused" in stack.preview("--refresh", "--diff").text
    stack.environment = shallow
    stack.up("--refresh")
    stack.unchanged()
    assert hand.control.locations()[0]["body"]["metadata"].get("labels") in (None, {})
    case.works(hand.control, getattr(hand, case.eyes))
    stack.destroy()
    assert getattr(hand, case.eyes).nothing_left() and not hand.control.locations()


@pytest.mark.parametrize("case", sampled(CASES))
def test_a_location_that_is_gone_is_made_again(case: Case, stack: Stack, hand: Hand) -> None:
    stack.program(case.program)
    stack.up()
    hand.unregister()
    assert planned(stack) == {"palette:BackupLocation": "create"}
    stack.up("--refresh")
    stack.unchanged()
    case.works(hand.control, getattr(hand, case.eyes))


def test_a_deep_refresh_tries_the_credential(stack: Stack, hand: Hand) -> None:
    stack.program(test_aws.PROGRAM)
    stack.up()
    (user,) = hand.aws.users()
    theirs: dict[str, Any] = {"UserName": user, "PolicyName": "theirs"}
    iam = hand.aws.client("iam")
    iam.put_user_policy(**theirs, PolicyDocument=json.dumps(DENY))
    stack.unchanged()  # what others added is no drift

    stack.environment = {**stack.environment, "PALETTE_DEEP_REFRESH": "true"}
    seen = stack.preview("--refresh", "--diff").text
    assert "- refused" in seen and "AccessDenied" in seen
    stack.run("preview", "--refresh", "--expect-no-changes", ok=False)
    stack.environment = {**stack.environment, "PALETTE_AWS_WAIT": "1"}
    assert "AccessDenied" in stack.up("--refresh", ok=False).errors

    iam.delete_user_policy(**theirs)
    stack.up("--refresh")
    stack.unchanged()
    stack.destroy()
    assert hand.aws.nothing_left() and not hand.control.locations()
