"""Inputs that break a rule are refused in preview, by the path of the property at fault."""

from collections import Counter

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.components import COMPONENTS
from tests.sandbox.control import Control
from tests.sandbox.palette.refused_inputs import SECRET_KEY
from tests.sandbox.refusals import told
from tests.sandbox.refused_inputs import everywhere
from tests.sandbox.stack import Stack

BROKEN = [case for each in everywhere() for case in each.broken]
NOWHERE = [case for each in everywhere() for case in each.nowhere]
MEANINGLESS = [case for each in everywhere() for case in each.meaningless]
SPELLINGS = [each.spellings for each in everywhere() if each.spellings]


def nothing_was_made(running: Sandbox, control: Control) -> bool:
    made = sum((component.there(running) for component in COMPONENTS), Counter[str]())
    return not made and not control.locations()


@pytest.mark.parametrize(("program", "says"), BROKEN)
@pytest.mark.sampled
def test_inputs(
    stack: Stack, control: Control, running: Sandbox, program: str, says: list[str]
) -> None:
    stack.program(program)
    text = told(stack.preview(ok=False), *says)
    assert len(text.splitlines()) == len([part for part in says if ": " in part])
    assert SECRET_KEY not in stack.transcript[-1]
    assert nothing_was_made(running, control)


@pytest.mark.parametrize(("program", "says"), NOWHERE)
@pytest.mark.sampled
def test_places_that_do_not_exist(
    stack: Stack, control: Control, program: str, says: list[str]
) -> None:
    stack.program(program)
    refused = stack.preview(ok=False)
    assert all(words in refused.errors for words in says) and "Traceback" not in refused.text
    assert not control.locations()


def test_spellings_that_the_cloud_takes_are_no_difference(stack: Stack) -> None:
    one, other = map("".join, zip(*SPELLINGS, strict=True))
    stack.program(one)
    stack.up()
    stack.unchanged()
    stack.program(other)
    stack.unchanged()
    stack.destroy()


@pytest.mark.parametrize(("program", "says"), MEANINGLESS)
@pytest.mark.sampled
def test_what_would_reach_further_than_meant_or_mean_nothing(
    stack: Stack, control: Control, running: Sandbox, program: str, says: list[str]
) -> None:
    stack.program(program)
    refused = stack.preview(ok=False)
    assert all(f"error: {words}" in refused.text for words in says)
    assert "Traceback" not in refused.text
    assert nothing_was_made(running, control)
