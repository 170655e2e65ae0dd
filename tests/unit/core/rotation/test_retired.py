from datetime import timedelta

import pytest

from palette_backup_provider.core.errors import ApiError, Blocked
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.engine.properties import outputs
from tests.unit.core.rotation.vault import OWNER, Beside, Old, OldHandler, World


def test_a_retired_one_that_is_gone_already_is_no_error() -> None:
    world = World(rotation="a")
    beside = Beside(world)
    world.up(rotation="b")
    beside.up()
    world.vault.alive.remove("c1")
    world.now += timedelta(hours=24)
    world.up(rotation="b")
    assert beside.up()
    assert beside.outputs["credential_id"] is None


def test_the_old_one_ends_after_its_time_with_what_stands_for_it() -> None:
    world = World(rotation="a")
    beside = Beside(world)
    assert not beside.up()
    world.up(rotation="b")
    assert beside.up() and not beside.up()
    assert world.vault.alive == ["c1", "c2"]
    world.now += timedelta(hours=24)
    world.up(rotation="b")
    assert beside.up()
    assert world.vault.alive == ["c2"]
    assert not beside.up()
    assert beside.lifecycle.read("old", beside.outputs) is not None
    beside.lifecycle.delete("old", beside.outputs)
    assert world.vault.alive == ["c2"]


@pytest.mark.parametrize("hours", [0, 24])
def test_the_time_of_an_old_one_that_was_not_heard_of_begins_when_it_is(hours: int) -> None:
    """The run that rotated ended before it came to what stands for the old one."""
    world = World(rotation="a", retire_after=hours)
    beside = Beside(world)
    world.up(rotation="b", retire_after=hours)
    world.now += timedelta(hours=hours)
    world.up(rotation="b", retire_after=hours)
    assert beside.up()
    assert world.vault.alive == ["c1", "c2"]  # what uses it gets the new one in this very run
    assert not hours or not beside.up()
    world.now += timedelta(hours=hours)
    assert beside.up()
    assert world.vault.alive == ["c2"]
    assert not beside.up()


def test_one_that_is_declared_late_holds_what_was_not_heard_of() -> None:
    world = World(rotation="a", retire_after=0)
    world.up(rotation="b", retire_after=0)
    world.up(rotation="b", retire_after=0)
    beside = Beside(world)
    assert world.vault.alive == ["c1", "c2"]
    assert beside.up()
    assert world.vault.alive == ["c2"]
    assert not beside.up()


@pytest.mark.parametrize("step", ["check", "diff", "create", "update"])
def test_after_a_failure_nothing_old_is_ended(step: str) -> None:
    world = World(rotation="a")
    beside = Lifecycle(OldHandler, world.run)
    state = outputs(beside.create({"__owner": OWNER, "credential_id": "c1"}).state)
    world.vault.refuses = True
    if step == "check":
        assert world.lifecycle.check({}, {"__owner": OWNER, "size": "big"}, set()).failures
    elif step == "diff":
        news = {**world.inputs, "rotation": "b"}
        retiring = {**world.outputs, "retiring_until": "2027-01-01T00:00Z"}
        with pytest.raises(Blocked):
            world.lifecycle.diff(world.id, retiring, news, set())
    elif step == "create":
        with pytest.raises(ApiError):
            world.lifecycle.create(world.inputs)
    else:
        with pytest.raises(ApiError):
            world.up(rotation="b")
    with pytest.raises(Blocked, match="c1 is kept: something else in this run failed"):
        beside.delete("c1", state)
    assert world.vault.alive == ["c1"]


def test_what_stands_for_an_old_one_is_updated_in_state_alone() -> None:
    handler = OldHandler(Run(Settings(lambda _: None, {})))
    have, want = Old(credential_id="c1"), Old(credential_id="c1", until="2026-11-24T12:30Z")
    assert handler.update("c1", have, want) is want


def test_state_by_earlier_code_says_what_is_held_in_other_words() -> None:
    held = {"credential_id": "c2", "until": "b", "holds": "c1", "holds_until": "a"}
    found = Old.upgraded(held)
    assert (found["credential_id"], found["until"]) == ("c1", "a")
    assert (found["__told"], found["__told_until"]) == ("c2", "b")
    assert Old.upgraded({**held, "holds": "", "holds_until": ""})["credential_id"] is None
