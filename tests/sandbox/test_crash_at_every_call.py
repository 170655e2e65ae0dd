"""A run is killed at every remote call, before and after it took effect, and the next one mends it.

Afterwards there is exactly one of each object, Palette holds a credential that works, and nothing
else works; after `destroy` nothing is left anywhere.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

import boto3
import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.conftest import Control
from tests.sandbox.crash_checks import LOCATION, works
from tests.sandbox.crash_engine import Crashed, Engine
from tests.sandbox.crash_programs import COMPONENTS, WAITS, Component, Counts
from tests.sandbox.crash_wire import When, Wire
from tests.sandbox.hands import Hand

SAMPLE, SAMPLED = 2, ("create", "replace")
"""How many points are tried of which deeds, when not all are."""
SIDES: tuple[When, When] = ("before", "after")


@dataclass
class Trial:
    """A component in a sandbox, and one thing that is done to it."""

    component: Component
    sandbox: Sandbox
    control: Control
    wire: Wire
    engine: Engine
    expected: Counts = field(default_factory=Counter)
    """What is there when nothing is killed."""

    def up(self, arguments: str) -> None:
        self.wire.kill(0, "before")
        self.engine.up(self.component.program(arguments))

    def destroy(self) -> None:
        self.wire.kill(0, "before")
        self.engine.destroy()

    def refresh(self) -> None:
        self.wire.kill(0, "before")
        self.engine.refresh()

    def reset(self) -> None:
        self.control.post("reset")
        self.engine.state.clear()

    def there(self) -> Counts:
        return self.component.there(self.sandbox)

    def converged(self, arguments: str) -> None:
        """The next run ends well, and the one after it has nothing to do."""
        self.up(arguments)
        there = self.there()
        assert there - self.component.may_stay <= self.expected <= there
        location = self.engine.one(LOCATION)
        works(self.control, location.id, location.outputs)
        self.up(arguments)
        assert not self.engine.steps
        assert not self.engine.refresh()

    def gone(self) -> None:
        self.destroy()
        assert not self.engine.state
        assert not self.there()
        assert not self.control.locations()


@dataclass(frozen=True)
class Deed:
    """What is killed, and what comes before and after it."""

    before: tuple[str, ...]
    """Names of the arguments that were in force before, in order."""
    killed: str
    """Names the arguments of the run that is killed; empty for `destroy`."""
    then: str
    """Names the arguments of the next run; empty where that is `destroy`."""
    refreshes: bool = False
    """Whether the run begins with a refresh."""
    changed: bool = False
    """Whether another hand changes what is there before the run."""
    filled: bool = False
    """Whether there are backups by then."""

    def prepare(self, trial: Trial) -> None:
        trial.reset()
        for name in self.before:
            trial.up(getattr(trial.component, name))
        hand = Hand(trial.sandbox.env, trial.control)
        if self.changed:
            hand.changes(trial.component.name)
        if self.filled:
            hand.backs_up(trial.component.name)

    def do(self, trial: Trial) -> None:
        if self.refreshes and (wrong := trial.engine.refresh()) and not self.changed:
            raise LookupError(f"a refresh takes for changed or gone what is neither: {wrong}")
        if self.killed:
            program = trial.component.program(getattr(trial.component, self.killed))
            trial.engine.up(program)
        else:
            trial.engine.destroy()

    def mend(self, trial: Trial, refresh: bool) -> None:
        """What a person does next: Pulumi asks for a refresh after any interrupted run. Where the
        program stays and nothing was being deleted, it has to go well without one too."""
        deleting = trial.engine.interrupted.startswith("delete")
        if refresh or deleting or self.refreshes or self.then != self.killed:
            trial.refresh()
        if self.then:
            trial.converged(getattr(trial.component, self.then))
        trial.gone()


DEEDS = {
    "create": Deed((), "made", "made"),
    "update": Deed(("made",), "updated", "updated"),
    "update, then back": Deed(("made",), "updated", "made"),
    "replace": Deed(("made",), "replaced", "replaced"),
    "rotate": Deed(("made",), "rotated", "rotated"),
    "put back": Deed(("made",), "made", "made", refreshes=True, changed=True),
    "destroy, then up": Deed(("made",), "", "made"),
    "destroy, then again": Deed(("made", "updated"), "", "", filled=True),
}


@pytest.fixture
def trial(
    running: Sandbox, control: Control, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Component], Trial]]:
    """Makes trials."""
    for name, value in {**running.env, **WAITS}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "Session", cache(boto3.Session))  # it knows no cloud, and is slow
    wire = Wire(monkeypatch)
    engine = Engine(wire, dict(os.environ), monkeypatch)
    control.post("limit", {"enabled": False})
    yield lambda component: Trial(component, running, control, wire, engine)


def points(deed: Deed, trial: Trial) -> int:
    """How many calls `deed` makes; what is there at the end of it is noted."""
    if deed.then:
        for name in (*deed.before, deed.then):
            trial.up(getattr(trial.component, name))
        trial.expected = trial.there()
    deed.prepare(trial)
    trial.wire.kill(0, "before")
    deed.do(trial)
    return trial.wire.calls


@pytest.mark.parametrize(
    ("deed", "most"),
    [
        *[pytest.param(deed, None, marks=pytest.mark.stress, id=f"{deed}, all") for deed in DEEDS],
        *[pytest.param(deed, SAMPLE, id=f"{deed}, some") for deed in SAMPLED],
    ],
)
@pytest.mark.parametrize("component", COMPONENTS, ids=lambda component: component.name)
def test_a_run_killed_at_a_call(
    trial: Callable[[Component], Trial],
    component: Component,
    deed: str,
    most: int | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if deed == "rotate" and not component.rotates:
        pytest.skip("it has no credential to rotate")
    case, tried = DEEDS[deed], trial(component)
    calls = points(case, tried)
    found: list[str] = []
    every = [(at, when) for at in range(1, calls + 1) for when in SIDES]
    chosen = every[len(every) // (2 * most) :: len(every) // most][:most] if most else every
    for at, when in chosen:
        case.prepare(tried)
        tried.wire.kill(at, when)
        during = ""
        try:
            with pytest.raises(Crashed):
                case.do(tried)
            during = tried.engine.interrupted
            case.mend(tried, refresh=at % 2 == 1)  # after one call is before the next
        except Exception as error:
            found.append(f"{when} call {at} ({during}): {type(error).__name__}: {error}")
    summary = f"{component.name}, {deed}: {len(chosen)} points, {len(found)} found"
    with capsys.disabled():
        print(f"\n{summary}")
    assert not found, "\n".join([summary, *found])
