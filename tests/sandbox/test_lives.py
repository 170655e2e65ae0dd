"""What all components have in common in their lives."""

from typing import Any

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID

from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS
from tests.sandbox.control import Control
from tests.sandbox.palette.inspector import Palette
from tests.sandbox.stack import Stack

EACH = [
    pytest.param(life, marks=[pytest.mark.live(*services) for services in life.live])
    for life in COMPONENTS
]


@pytest.fixture
def eyes(life: Component, request: pytest.FixtureRequest) -> Any:
    """The cloud, seen from outside."""
    return request.getfixturevalue(life.cloud)


def begin(life: Component, stack: Stack, eyes: Any) -> None:
    program = life.program
    if DEFAULT_ACCOUNT_ID in program:
        program = program.replace(DEFAULT_ACCOUNT_ID, eyes.account())
    stack.program(program)
    stack.up()


@pytest.mark.parametrize("life", EACH)
@pytest.mark.stress
def test_forced_replacements_leave_one_that_works(
    life: Component, stack: Stack, palette: Palette, eyes: Any
) -> None:
    begin(life, stack, eyes)
    for type in dict.fromkeys(resource["type"] for resource in stack.resources()):
        urns = [r["urn"] for r in stack.resources() if r["type"] == type]
        stack.up(*(flag for urn in urns for flag in ("--replace", urn)))
        life.works(palette, eyes)
    stack.unchanged()
    stack.destroy("--refresh")
    assert not palette.locations()
    assert eyes.nothing_left()


@pytest.mark.parametrize("life", EACH)
@pytest.mark.sampled
def test_names_stay_when_project_and_stack_are_renamed(
    life: Component, stack: Stack, palette: Palette, eyes: Any
) -> None:
    begin(life, stack, eyes)
    before = stack.outputs()
    stack.run("stack", "rename", "organization/renamed/prod")
    stack.name("renamed")
    stack.call("prod")
    stack.up()
    assert stack.outputs() == before
    stack.unchanged()
    life.works(palette, eyes)
    stack.destroy("--refresh")
    assert not palette.locations()
    assert eyes.nothing_left()


@pytest.mark.parametrize("life", [life for life in COMPONENTS if life.waits])
@pytest.mark.sampled
def test_a_credential_that_takes_its_time_is_waited_for(
    life: Component, stack: Stack, control: Control, eyes: Any
) -> None:
    stack.program(life.program)
    control.post("delay", {"seconds": 7})
    assert life.waits in stack.up().text
    control.post("delay", {"seconds": 0})
    life.works(control, eyes)
    stack.destroy()
