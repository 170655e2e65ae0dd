"""Whose an object is, where two states have one name, or one state is older than the world."""

from collections.abc import Callable

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.component import Component
from tests.sandbox.components import ANY, COMPONENTS
from tests.sandbox.control import Control
from tests.sandbox.stack import Stack

components = pytest.mark.parametrize("component", COMPONENTS)


@components
@pytest.mark.sampled
def test_a_second_state_of_one_name_takes_nothing(
    component: Component, new_stack: Callable[..., Stack], control: Control, running: Sandbox
) -> None:
    first, second = (new_stack(name, own_backend=True, project="one") for name in ("a", "b"))
    for stack in (first, second):
        stack.program(component.program_with(component.made))
    first.up()
    made, locations = component.there(running), control.locations()
    refused = second.up(ok=False).errors
    assert "another state of this stack (begun on 20" in refused
    assert (component.there(running), control.locations()) == (made, locations)
    second.destroy()
    assert (component.there(running), control.locations()) == (made, locations)
    first.unchanged()
    first.destroy()
    assert not component.there(running) and not control.locations()


@components
@pytest.mark.stress
def test_an_older_state_deletes_nothing_unseen_and_takes_its_objects_back(
    component: Component, stack: Stack, control: Control, running: Sandbox
) -> None:
    stack.program(component.program_with(component.made))
    stack.up()
    older = stack.state()
    stack.destroy()
    stack.up()
    made, locations = component.there(running), control.locations()
    stack.put(older)

    assert "by its mark" in stack.destroy(ok=False).errors
    assert (component.there(running), control.locations()) == (made, locations)

    preview = stack.preview("--refresh", "--diff").text
    assert "held_by" in preview
    assert "is held by another state of this stack (begun on 20" in preview
    in_use = component.keys_in_the_way(running)
    stack.set("palette:recover", "true")  # of the later state only its location's uid is left
    stack.up("--refresh")
    stack.unset("palette:recover")
    stack.unchanged()
    assert [one["uid"] for one in control.locations()] == [one["uid"] for one in locations]
    for key in in_use:  # only a person knows whether anything still uses it
        assert key in stack.destroy(ok=False).errors
        component.end(running, [key])
    stack.destroy()
    assert not component.there(running) and not control.locations()


def test_what_state_forgot_of_an_incarnation_is_deleted_all_the_same(
    stack: Stack, control: Control, running: Sandbox
) -> None:
    component = ANY
    stack.program(component.program_with(component.made))
    stack.up()
    state = stack.state()
    for resource in state["resources"]:
        resource.get("outputs", {}).pop("__incarnation", None)
    stack.put(state)
    stack.destroy()
    assert not component.there(running) and not control.locations()
