from datetime import timedelta

import pytest

from palette_backup_provider.core.errors import ApiError, Blocked
from palette_backup_provider.core.rotation.credential import strays
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.properties import Props, inputs, outputs
from tests.unit.core.rotation.vault import NOON, OWNER, Beside, State, VaultHandler, World


def test_a_credential_in_use_is_never_taken_for_unknown() -> None:
    world = World(rotation="a")
    world.up(rotation="b")
    world.now += timedelta(hours=25)
    world.up(rotation="c")
    assert not world.vault.strays


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"rotate_after": 0}, "greater than or equal to 1"),
        ({"rotate_after": 1.5}, "whole number"),
        ({"retire_after": -1}, "greater than or equal to 0"),
        ({"retire_after": 8761}, "less than or equal to 8760"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(given: Props, reason: str) -> None:
    world = World()
    (found,) = world.lifecycle.check({}, {"__owner": OWNER, **given}, set()).failures
    assert found.path in given and reason in found.reason


def test_a_rotation_keeps_the_old_one_and_a_quiet_run_changes_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    world = World(rotation="a")
    assert not world.up(rotation="a")
    assert world.up(rotation="b")
    assert world.vault.alive == ["c1", "c2"]
    assert (world.outputs["id"], world.outputs["previous"]) == ("c2", "c1")
    assert world.outputs["retiring_until"] == "2026-11-24T12:30Z"
    told = capsys.readouterr().out
    assert "nightly: a new credential is made, and whatever uses c1 gets it" in told
    assert "rotated to c2. c1 goes on working until 2026-11-24T12:30Z" in told
    assert world.vault.log[-1] == "issue, knowing ['c1']"
    assert not world.up(rotation="b")

    world.now += timedelta(hours=24)
    assert not world.up(rotation="b")
    assert world.vault.alive == ["c1", "c2"]  # its end is the deletion of what stands for it


def test_one_that_is_gone_with_the_one_before_it_is_gone() -> None:
    world = World(rotation="a")
    world.up(rotation="b")
    world.vault.alive.clear()
    assert world.lifecycle.read(world.id, world.outputs) is None


def test_one_that_is_gone_when_nothing_is_kept_any_more_is_gone() -> None:
    world = World(rotation="a")
    world.up(rotation="b")
    world.now += timedelta(hours=24)
    assert not world.up(rotation="b")
    world.vault.alive.remove("c2")
    assert world.vault.alive == ["c1"]  # whose end is the business of what stands for it
    assert world.lifecycle.read(world.id, world.outputs) is None


def test_with_nothing_before_it_a_rotation_waits_for_no_end() -> None:
    handler = VaultHandler(Run(Settings(lambda _: None, {})))
    have = State(id="c1", made_on="2026-11-01", retiring_until="2026-11-24T12:30Z")
    want = have.model_copy(update={"made_on": "2026-11-23", "rotation": "b", "rotations": 1})
    assert want.rotates(have)
    assert handler.without_deferred("c1", have, want) is want


def test_the_inputs_of_a_refresh_are_those_of_check() -> None:
    world = World(rotation="a")
    world.up(rotation="b")
    state = world.lifecycle.read(world.id, world.outputs)
    assert state and inputs(state) == world.inputs


def test_age_waits_for_the_end_of_the_one_before() -> None:
    world = World(rotate_after=1, retire_after=48)
    world.now += timedelta(days=1)
    assert world.up(rotate_after=1, retire_after=48)
    world.now += timedelta(days=1)
    assert not world.up(rotate_after=1, retire_after=48)
    world.now += timedelta(days=1)
    assert not world.up(rotate_after=1, retire_after=48)
    world.vault.alive.remove("c1")
    assert world.up(rotate_after=1, retire_after=48)
    assert world.outputs["previous"] == "c2"
    assert world.outputs["made_on"] == "2026-11-26"
    assert not world.up(rotate_after=1, retire_after=48)


def test_a_text_that_changes_while_one_retires_is_refused_with_both_named() -> None:
    world = World(rotation="a")
    world.up(rotation="b")
    with pytest.raises(Blocked, match=r"c2 and the previous credential, c1.*back to what it was"):
        world.up(rotation="c")
    assert world.vault.alive == ["c1", "c2"]


def test_a_rotation_that_fails_leaves_state_as_it_was_and_is_due_again() -> None:
    world = World(rotation="a")
    world.vault.refuses = True
    with pytest.raises(ApiError, match="no more"):
        world.up(rotation="b")
    world.vault.refuses = False
    world.now += timedelta(days=3)
    assert world.up(rotation="b")
    assert world.outputs["made_on"] == "2026-11-26"


def test_other_changes_rotate_nothing() -> None:
    world = World(size=1)
    assert world.up(size=2)
    assert world.up(size=2, rotate_after=30, retire_after=0)
    assert world.vault.log == ["issue, knowing []", "adjust"]


def test_deleting_ends_both() -> None:
    world = World(rotation="a")
    world.up(rotation="b")
    world.vault.alive.append("somebody's")
    world.lifecycle.delete(world.id, world.outputs)
    assert world.vault.alive == ["somebody's"]
    world.lifecycle.delete(world.id, world.outputs)


@pytest.mark.parametrize(
    ("hours", "until"),
    [(48, "2026-11-25T12:30Z"), (1, "2026-11-23T13:30Z"), (0, "2026-11-23T12:30Z")],
)
def test_another_time_to_retire_moves_the_end(hours: int, until: str) -> None:
    world = World(rotation="a")
    world.up(rotation="b")
    world.up(rotation="b", retire_after=hours)
    assert world.outputs["retiring_until"] == until
    assert not world.up(rotation="b", retire_after=hours)


def test_a_program_that_rotates_no_more_keeps_no_old_one_and_can_rotate_again() -> None:
    world = World(rotation="a")
    world.up(rotation="b")
    world.up()
    assert world.outputs["retiring_until"] == ""
    world.up(rotation="c")
    assert world.outputs["id"] == "c3"


@pytest.mark.parametrize(("left", "warns"), [(31, False), (30, True), (-1, True)])
def test_an_end_that_is_near_is_told_by_every_diff(
    left: int, warns: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World()
    world.outputs["expires"] = (NOON + timedelta(days=left)).isoformat()
    assert not world.up()
    assert ("nightly: the credential ends on " in capsys.readouterr().out) is warns
    world.up(rotation="now")
    assert "ends on" not in capsys.readouterr().out


def test_a_credential_that_this_process_met_in_state_is_no_stray() -> None:
    handler = VaultHandler(Run(Settings(lambda _: None, {})))
    have = State(id="c1", previous="c0")
    handler.prepare("c1", have, have)
    assert handler.known_in_use({"c9"}) >= {"c0", "c1", "c9"}
    assert "the user me has credentials that this stack's state does not know: c7." in strays(
        "the user me", "c7"
    )
    assert "If this run replaces them" in strays("the user me", "c7", told=False)


@pytest.mark.parametrize(("compared", "known"), [(True, "['c1']"), (False, "[]")])
def test_one_that_is_replaced_is_known_where_the_engine_compared_it(
    compared: bool, known: str
) -> None:
    """It compares nothing where a user has one replaced."""
    world = World()
    if compared:
        world.lifecycle.diff(world.id, world.outputs, world.check(world.inputs), set())
    world.lifecycle.create(world.check({}))
    assert world.vault.log[-1] == f"issue, knowing {known}"


@pytest.mark.parametrize(
    ("rotate_after", "made_on", "warns"),
    [
        (80, "2026-09-24", False),
        (90, "2026-09-24", True),
        (10**9, "2026-09-24", True),
        (None, "2026-09-24", True),
        (80, "", True),
    ],
)
def test_an_end_that_a_rotation_comes_before_is_not_told(
    rotate_after: int | None, made_on: str, warns: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Made on the 24th of September, it ends on the 23rd of December: 90 days later."""
    expires = "2026-12-23T09:00:00+00:00"
    state = State(expires=expires, made_on=made_on, rotate_after=rotate_after)
    state.warn(NOON)
    assert ("the credential ends on " in capsys.readouterr().out) is warns


def test_one_that_is_gone_is_made_anew_beside_the_one_that_is_kept() -> None:
    world = World(rotation="a")
    beside = Beside(world)
    world.up(rotation="b")
    beside.up()
    world.vault.alive.remove("c2")
    state = world.lifecycle.read(world.id, world.outputs)
    assert state and isinstance(state, State) and state.gone
    world.inputs, world.outputs = inputs(state), outputs(state)
    assert world.up(rotation="b")
    assert world.vault.log[-1] == "issue, knowing ['c1']"
    new = world.outputs["id"]
    assert world.vault.alive == ["c1", new]
    assert (world.outputs["previous"], world.outputs["gone"]) == ("c1", None)
    assert not world.up(rotation="b") and not beside.up()

    world.now += timedelta(hours=24)
    world.up(rotation="b")
    beside.up()
    assert world.vault.alive == [new]
