from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palette_backup_provider.core.errors import ApiError, InTheWay, NotFound
from palette_backup_provider.core.handler import Clients
from palette_backup_provider.core.model import Computed
from palette_backup_provider.core.retiring import Retiring, RetiringHandler
from palette_backup_provider.core.rotation import (
    Credential,
    CredentialHandler,
    Expiring,
    due,
    facts,
)
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.engine.properties import Props, inputs, outputs

NOON = datetime(2026, 11, 23, 12, 30, 59, tzinfo=UTC)
OWNER = "acme/shop/dev/nightly:0a1b2c"
days = st.integers(min_value=1, max_value=5000)
hours = st.integers(min_value=0, max_value=8760)
times = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


class State(Expiring):
    id: Annotated[str, Computed()] = ""
    size: int = 1


@dataclass
class Vault:
    """A cloud that gives out numbered credentials."""

    alive: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    refuses: bool = False

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls()


class VaultHandler(CredentialHandler[Vault, State]):
    realm = "vault"
    current = "id"

    def whoami(self) -> str:
        return "v"

    def issue(self, want: State, known: set[str]) -> Mapping[str, Any]:
        if self.client.refuses:
            raise ApiError("no more", status=400)
        self.client.log.append(f"issue, knowing {sorted(known)}")
        self.client.alive.append(f"c{len(self.client.log)}")
        return {"id": self.client.alive[-1]}

    def revoke(self, have: State, id: str) -> None:
        if id not in self.client.alive:
            raise NotFound(f"{id} is gone")
        self.client.alive.remove(id)

    def adjust(self, have: State, want: State) -> None:
        if have.size != want.size:
            self.client.log.append("adjust")

    def look(self, id: str, have: State) -> State:
        if have.id not in self.client.alive:
            raise NotFound(f"{have.id} is gone")
        return have


class Old(Retiring):
    pass


class OldHandler(RetiringHandler[Vault, Old]):
    realm = "vault"

    def whoami(self) -> str:
        return "v"

    def revoke(self, have: Old) -> None:
        VaultHandler.revoke(self, have, have.holds)  # type: ignore[arg-type]


class World:
    """One credential, as the engine would hold it."""

    def __init__(self, **given: Any) -> None:
        self.now = NOON
        self.clients = Clients(Settings(lambda _: None, {}), lambda: self.now)
        self.vault = self.clients(Vault)
        self.lifecycle = Lifecycle(VaultHandler, self.clients)
        self.inputs = self.check({}, **given)
        made = self.lifecycle.create(self.inputs)
        self.id, self.outputs = made.id, outputs(made.state)

    def check(self, before: Props, **given: Any) -> Props:
        checked = self.lifecycle.check(before, {"__owner": OWNER, **given}, set())
        assert not checked.failures, checked.failures
        return checked.props

    def up(self, **given: Any) -> bool:
        """Whether anything changed."""
        news = self.check(self.inputs, **given)
        found = self.lifecycle.diff(self.id, self.outputs, news, set())
        assert not found.replaces
        if found.changes is not False:
            self.outputs = outputs(self.lifecycle.update(self.id, self.outputs, news))
        self.inputs = news
        return found.changes is not False


class Beside:
    """What stands beside the credential of a world, as the engine would hold it."""

    def __init__(self, world: World) -> None:
        self.world, self.lifecycle = world, Lifecycle(OldHandler, world.clients)
        self.inputs = self._check({})
        self.outputs = outputs(self.lifecycle.create(self.inputs).state)

    def up(self) -> bool:
        """Whether anything changed. Each run is served by a process of its own."""
        self.world.clients = Clients(Settings(lambda _: None, {}), lambda: self.world.now)
        self.world.clients._made[Vault, None] = self.world.vault
        self.lifecycle = Lifecycle(OldHandler, self.world.clients)
        news = self._check(self.inputs)
        found = self.lifecycle.diff("old", self.outputs, news, set())
        if found.replaces:
            was, news = self.outputs, self._check({})
            self.outputs = outputs(self.lifecycle.create(news).state)
            self.lifecycle.delete("old", was)
        elif found.changes is not False:
            self.outputs = outputs(self.lifecycle.update("old", self.outputs, news))
        self.inputs = news
        return found.changes is not False

    def _check(self, before: Props) -> Props:
        there = self.world.outputs
        given = {"credential_id": there["previous"], "until": there["retiring_until"]}
        return self.lifecycle.check(before, {"__owner": OWNER, **given}, set()).props


def told(want: Credential, before: Props, now: datetime = NOON) -> Props:
    return {name: tell() for name, tell in facts(want, before, now).items()}


def wants(**given: Any) -> Credential:
    return Credential(**{"__owner": OWNER, **given})


def test_a_new_one_is_made_today_and_nothing_retires() -> None:
    found = told(wants(rotate_after=1, rotation="x"), {})
    assert (found["made_on"], found["retiring_until"]) == ("2026-11-23", "")


@given(after=days, age=st.integers(min_value=-5, max_value=6000), hours=hours, now=times)
def test_it_is_due_exactly_when_it_is_that_old(
    after: int, age: int, hours: int, now: datetime
) -> None:
    made = (now.date() - timedelta(days=age)).isoformat()
    before = {"made_on": made}
    found = told(wants(rotate_after=after, retire_after=hours), before, now)
    if age >= after:
        assert found["made_on"] == now.date().isoformat()
        until = datetime.fromisoformat(found["retiring_until"])
        assert timedelta(0) <= now + timedelta(hours=hours) - until < timedelta(minutes=1)
    else:
        assert (found["made_on"], found["retiring_until"]) == (made, "")


@given(now=times, until=times, made=st.dates(date(2019, 1, 1), date(2019, 12, 31)))
def test_while_one_retires_nothing_is_due_but_its_end(
    now: datetime, until: datetime, made: date
) -> None:
    stamp = f"{until:%Y-%m-%dT%H:%MZ}"
    before = {"made_on": made.isoformat(), "retiring_until": stamp, "rotation": "a"}
    found = told(wants(rotate_after=1, rotation="b"), before, now)
    assert found["made_on"] == made.isoformat()
    assert found["retiring_until"] == (stamp if now < datetime.fromisoformat(stamp) else "")


@given(now=times, before=times, after=days)
def test_what_was_told_is_told_again_until_something_is_due(
    now: datetime, before: datetime, after: int
) -> None:
    want = wants(rotate_after=after, retire_after=24)
    first = told(want, {}, before)
    quiet = (now.date() - before.date()).days < after
    assert (told(want, first, now) == first) is quiet


@pytest.mark.parametrize(
    ("was", "now", "rotates"),
    [(None, "a", True), ("a", "b", True), ("a", "a", False), ("a", None, False)],
)
def test_a_changed_text_is_due_at_once(was: str | None, now: str | None, rotates: bool) -> None:
    before = {"made_on": "2026-11-23", **({"rotation": was} if was else {})}
    assert due(wants(rotation=now), before, NOON) is rotates


def test_a_state_without_a_date_gets_one_only_when_age_counts() -> None:
    before = {"__owner": OWNER}
    assert told(wants(), before) == {"made_on": "", "retiring_until": "", "present": True}
    assert told(wants(rotate_after=30), before)["made_on"] == "2026-11-23"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"rotate_after": 0}, "greater than or equal to 1"),
        ({"rotate_after": 1.5}, "integer"),
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
    assert "rotated to c2. c1 goes on working until 2026-11-24T12:30Z" in capsys.readouterr().out
    assert world.vault.log[-1] == "issue, knowing ['c1']"
    assert not world.up(rotation="b")

    world.now += timedelta(hours=24)
    assert world.up(rotation="b")
    assert world.outputs["retiring_until"] == ""
    assert world.vault.alive == ["c1", "c2"]  # its end is the deletion of what stands for it
    assert not world.up(rotation="b")


def test_one_that_is_gone_is_made_anew_beside_the_one_that_is_kept() -> None:
    world = World(rotation="a")
    beside = Beside(world)
    world.up(rotation="b")
    beside.up()
    world.vault.alive.remove("c2")
    state = world.lifecycle.read(world.id, world.outputs)
    assert state and isinstance(state, State) and not state.present
    world.inputs, world.outputs = inputs(state), outputs(state)
    assert world.up(rotation="b")
    assert world.vault.log[-1] == "issue, knowing ['c1']"
    new = world.outputs["id"]
    assert world.vault.alive == ["c1", new]
    assert (world.outputs["previous"], world.outputs["present"]) == ("c1", True)
    assert not world.up(rotation="b") and not beside.up()

    world.now += timedelta(hours=24)
    world.up(rotation="b")
    beside.up()
    assert world.vault.alive == [new]


def test_one_that_is_gone_with_the_one_before_it_is_gone() -> None:
    world = World(rotation="a")
    world.up(rotation="b")
    world.vault.alive.clear()
    assert world.lifecycle.read(world.id, world.outputs) is None


def test_one_that_is_gone_when_nothing_is_kept_any_more_is_gone() -> None:
    world = World(rotation="a")
    world.up(rotation="b")
    world.now += timedelta(hours=24)
    world.up(rotation="b")
    world.vault.alive.remove("c2")
    assert world.vault.alive == ["c1"]  # whose end is the business of what stands for it
    assert world.lifecycle.read(world.id, world.outputs) is None


def test_a_retired_one_that_is_gone_already_is_no_error() -> None:
    world = World(rotation="a")
    beside = Beside(world)
    world.up(rotation="b")
    beside.up()
    world.vault.alive.remove("c1")
    world.now += timedelta(hours=24)
    world.up(rotation="b")
    assert beside.up()
    assert beside.outputs["holds"] == ""


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
    assert world.up(rotate_after=1, retire_after=48)
    assert world.outputs["retiring_until"] == ""
    assert world.up(rotate_after=1, retire_after=48)
    assert world.outputs["previous"] == "c2"


def test_a_text_that_changes_while_one_retires_is_refused_with_both_named() -> None:
    world = World(rotation="a")
    world.up(rotation="b")
    with pytest.raises(InTheWay, match=r"c2 and the one before it, c1.*back to what it was"):
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
def test_an_old_one_that_was_not_heard_of_in_time_ends_one_run_later(hours: int) -> None:
    """The run that rotated ended before it came to what stands for the old one."""
    world = World(rotation="a", retire_after=hours)
    beside = Beside(world)
    world.up(rotation="b", retire_after=hours)
    world.now += timedelta(hours=hours)
    world.up(rotation="b", retire_after=hours)
    assert beside.up()
    assert world.vault.alive == ["c1", "c2"]  # what uses it gets the new one in this very run
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


def test_the_old_one_keeps_its_time_when_the_current_one_is_made_anew() -> None:
    world = World(rotation="a")
    beside = Beside(world)
    world.up(rotation="b")
    beside.up()
    world.vault.alive.remove("c2")
    world.inputs = world.check({}, rotation="b")
    world.outputs = outputs(world.lifecycle.create(world.inputs).state)
    assert beside.up() and not beside.up()
    assert world.vault.alive == ["c1", "c3"]
    world.now += timedelta(hours=24)
    assert beside.up()
    assert world.vault.alive == ["c3"]
    assert not beside.up()


@pytest.mark.parametrize(
    ("hours", "until"), [(48, "2026-11-25T12:30Z"), (1, "2026-11-23T13:30Z"), (0, "")]
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


@pytest.mark.parametrize("step", ["check", "diff", "create", "update"])
def test_after_a_failure_nothing_old_is_ended(step: str) -> None:
    world = World(rotation="a")
    beside = Lifecycle(OldHandler, world.clients)
    state = outputs(beside.create({"__owner": OWNER, "holds": "c1"}).state)
    world.vault.refuses = True
    if step == "check":
        assert world.lifecycle.check({}, {"__owner": OWNER, "size": "big"}, set()).failures
    elif step == "diff":
        news = {**world.inputs, "rotation": "b"}
        retiring = {**world.outputs, "retiring_until": "2027-01-01T00:00Z"}
        with pytest.raises(InTheWay):
            world.lifecycle.diff(world.id, retiring, news, set())
    elif step == "create":
        with pytest.raises(ApiError):
            world.lifecycle.create(world.inputs)
    else:
        with pytest.raises(ApiError):
            world.up(rotation="b")
    with pytest.raises(InTheWay, match="c1 is kept: something else in this run failed"):
        beside.delete("c1", state)
    assert world.vault.alive == ["c1"]


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
