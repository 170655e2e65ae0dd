"""What another hand changed or deleted is seen, told, and put right; and nothing else is."""

import json
from typing import Any

import pytest

from tests.sandbox.conftest import Control
from tests.sandbox.crash_programs import sampled
from tests.sandbox.hands import DENY, Hand
from tests.sandbox.lives import AWS, AZURE, GCP, LIVES, MINIO, STS, Life
from tests.sandbox.stack import Stack

CASES = [
    (AWS, {"aws:Bucket", "aws:Policy", "aws:User", "aws:AccessKey"}),
    (STS, {"aws:Bucket", "aws:Policy", "aws:Role"}),
    (
        GCP,
        {
            "gcp:Bucket",
            "gcp:BucketAccess",
            "gcp:ServiceAccount",
            "gcp:ServiceAccountKey",
            "gcp:SnapshotAccess",
        },
    ),
    (
        AZURE,
        {
            "azure:ResourceGroup",
            "azure:StorageAccount",
            "azure:Application",
            "azure:ServicePrincipal",
            "azure:RoleAssignment",
            "azure:ClientSecret",
        },
    ),
    (MINIO, {"minio:Bucket", "minio:Policy", "minio:User"}),
]
"""Each component, and the types of what another hand changes."""


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


@pytest.mark.parametrize(("life", "concerns"), [pytest.param(*c, id=c[0].name) for c in CASES])
def test_what_another_hand_changed_is_put_back(
    life: Life, concerns: set[str], stack: Stack, hand: Hand
) -> None:
    stack.program(life.program)
    stack.up()
    stack.unchanged()
    hand.changes(life.name)

    seen = planned(stack)
    assert concerns | {"palette:BackupLocation"} <= seen.keys()
    stack.run("refresh", "--preview-only", "--expect-no-changes", ok=False)
    stack.run("preview", "--refresh", "--expect-no-changes", ok=False)
    shallow = stack.environment
    stack.environment = {**shallow, "PALETTE_DEEP_REFRESH": "true"}
    assert "- refused" in stack.preview("--refresh", "--diff").text
    stack.environment = shallow
    stack.up("--refresh")
    stack.unchanged()
    assert hand.control.locations()[0]["body"]["metadata"].get("labels") in (None, {})
    life.works(hand.control, getattr(hand, life.cloud))
    stack.destroy()
    assert getattr(hand, life.cloud).nothing_left() and not hand.control.locations()


@pytest.mark.parametrize("life", sampled(LIVES))
def test_a_location_that_is_gone_is_made_again(life: Life, stack: Stack, hand: Hand) -> None:
    stack.program(life.program)
    stack.up()
    hand.unregister()
    assert planned(stack) == {"palette:BackupLocation": "create"}
    stack.up("--refresh")
    stack.unchanged()
    life.works(hand.control, getattr(hand, life.cloud))


def test_a_deep_refresh_tries_the_credential(stack: Stack, hand: Hand) -> None:
    stack.program(AWS.program)
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
