"""What another hand did to a location on AWS is seen, told, and put right."""

import json
from typing import Any

import pytest

from tests.sandbox.aws.components import AWS, DENY
from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.drift_by_hand import OtherOperator, other
from tests.sandbox.stack import Stack

__all__ = ["other"]


@pytest.mark.stress
def test_a_deep_refresh_tries_the_credential(
    stack: Stack, other: OtherOperator, aws: AwsInspector
) -> None:
    stack.program(AWS.program)
    stack.up()
    (user,) = aws.users()
    theirs: dict[str, Any] = {"UserName": user, "PolicyName": "theirs"}
    iam = aws.client("iam")
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
    assert aws.nothing_left() and not other.control.locations()
