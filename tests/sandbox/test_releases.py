"""Stacks that earlier releases made: this one marks what they made anew, changes nothing else about
them, and can destroy them."""

import json
from pathlib import Path

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.components import ANY, COMPONENTS
from tests.sandbox.control import Control
from tests.sandbox.earlier_release import EarlierRelease, earlier_releases, kinds
from tests.sandbox.releases import FOLDER, Restore, restore
from tests.sandbox.stack import Stack

__all__ = ["restore"]
RELEASES = sorted(FOLDER.glob("*.json"))
SHORT = ("before-access-keys",)
"""The others hold the same components, and come with `make stress`; 0.1.0 comes with a value that
rules of today refuse, below."""
EMPTY = "none"
"""The id of what stood for a retired credential in stacks of earlier code, and held none."""


def announced(stack: Stack, earlier: list[EarlierRelease]) -> None:
    """A preview tells of the new marks, of what an upgrade does besides, of what stood for a
    retired credential and held none, and of nothing else."""
    for urn, step in stack.steps().items():
        type, _, name = urn.rpartition("dynamic/")[2].partition("::")
        for each in earlier:
            each.judge(type, step)
        if "dynamic/" in urn and type != "palette:Lineage":
            made = step["op"] == "create" and any(each.makes(type, name) for each in earlier)
            empty = step["op"] == "delete" and step["oldState"]["id"] == EMPTY
            assert step["op"] == "update" or made or empty, urn
    told = stack.preview().text
    assert "get the id of its state, in place" in told
    for each in earlier:
        assert all(words in told for words in each.says())


def upgraded_and_destroyed(stack: Stack, running: Sandbox, control: Control) -> None:
    earlier = earlier_releases(stack, running, control)
    ids = {r["urn"]: r["id"] for r in stack.resources() if r["id"] != EMPTY}
    announced(stack, earlier)
    stack.up()
    stack.unchanged()
    assert ids.items() <= {r["urn"]: r["id"] for r in stack.resources()}.items()
    for each in earlier:
        each.upgraded()
    stack.up()
    for each in earlier:
        each.ended()
    stack.unchanged()
    destroyed(stack, running, control)


def destroyed(stack: Stack, running: Sandbox, control: Control) -> None:
    stack.destroy()
    assert not stack.resources()
    assert not control.locations()
    for component in COMPONENTS:
        assert not component.there(running), component.name


@pytest.mark.parametrize(
    "release",
    [
        pytest.param(one, id=one.stem, marks=() if one.stem in SHORT else pytest.mark.stress)
        for one in RELEASES
    ],
)
def test_a_stack_of_that_release_is_as_this_one_wants_it(
    release: Path, restore: Restore, stack: Stack, running: Sandbox, control: Control
) -> None:
    restore(json.loads(release.read_text()))
    upgraded_and_destroyed(stack, running, control)


def test_it_is_destroyed_as_it_is(
    restore: Restore, stack: Stack, running: Sandbox, control: Control
) -> None:
    restore(json.loads(RELEASES[-1].read_text()))
    destroyed(stack, running, control)


@pytest.mark.stress
def test_values_that_todays_rules_refuse_are_kept(
    restore: Restore, stack: Stack, running: Sandbox, control: Control
) -> None:
    lines = RELEASES[0].read_text().splitlines()

    def refused(line: str) -> str:
        if any(kind.spares(line) for kind in kinds()):
            return line
        program = line.replace('rotation=\\"first\\"', 'rotation=\\"first\\", retire_after=9999')
        return program.replace('"retire_after": 24', '"retire_after": 9999')

    kept = json.loads("\n".join(map(refused, lines)))
    assert "9999" in str(kept["program"]) and "9999" in str(kept["export"])
    restore(kept)
    upgraded_and_destroyed(stack, running, control)
    stack.program(ANY.minimal("retire_after=9999"))
    assert "retire_after" in stack.preview(ok=False).errors  # of what is new, they are refused
