"""The way back from a lost state file."""

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS
from tests.sandbox.control import Control
from tests.sandbox.stack import Stack

STORAGE_IDENTITY_LOCATION = range(3)
"""What every component makes, at least."""


@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.sampled
def test_each_component_is_taken_over(
    component: Component, stack: Stack, control: Control, running: Sandbox
) -> None:
    stack.program(component.program_with(component.made))
    stack.up()
    made, in_use = component.there(running), component.keys_in_the_way(running)
    (before,) = control.locations()

    stack.begin()
    stack.set("palette:recover", "true")
    told = stack.preview().text
    assert f"({before['uid']}) is there, and is reclaimed" in told
    assert told.count("is there, and is reclaimed") >= len(STORAGE_IDENTITY_LOCATION)
    assert "which it knew" not in stack.up().text  # each of them is told once
    stack.unset("palette:recover")
    stack.unchanged()
    (after,) = control.locations()
    assert after["uid"] == before["uid"]
    new = component.there(running) - made  # a secret is told once: a new one, beside that in use
    assert new.keys() <= {"keys", "secrets"} and max(new.values(), default=0) <= 1

    component.end(running, in_use)  # only a person knows whether anything still uses it
    stack.destroy()
    assert not component.there(running) and not control.locations()
