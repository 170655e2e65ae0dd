"""Ctrl-C during a wait ends the run at once, and loses nothing that was made."""

import pytest

from tests.sandbox.aws.components import AWS
from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.control import Control
from tests.sandbox.native.aws.test_life import PROGRAM
from tests.sandbox.native.interrupted import interrupted
from tests.sandbox.native.yaml_stack import YamlStack

WAITING = "waiting for"
SOON = 5.0
"""Seconds from Ctrl-C to the end of the whole command; the wait itself would take two minutes."""


@pytest.mark.stress
def test_a_wait_ends_at_once_and_all_that_was_made_is_kept(
    yaml_stack: YamlStack, control: Control, aws: AwsInspector
) -> None:
    stack = yaml_stack
    stack.program(PROGRAM)
    control.post("delay", {"seconds": 3600})
    took, told = interrupted(stack, WAITING)
    assert took < SOON, told
    assert "The run was cancelled, so this step waits no longer" in told
    assert not stack.state().get("pending_operations")
    kept = {one["type"].removeprefix("palette-backup:") for one in stack.resources()}
    assert {"aws:Bucket", "aws:Policy", "aws:User", "aws:AccessKey"} <= kept
    control.post("delay", {"seconds": 0})
    stack.up()
    AWS.works(control, aws)
    stack.settled()
    stack.destroy()
    assert aws.nothing_left()
