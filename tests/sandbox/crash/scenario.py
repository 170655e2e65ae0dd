"""What is done to a component while one of its calls is killed or goes wrong."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from palette_backup_provider.registry import RESOURCES
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.component import Component, Counts
from tests.sandbox.components import WAITS
from tests.sandbox.control import Control
from tests.sandbox.crash.adapters import ADAPTERS
from tests.sandbox.crash.checks import LOCATION, works
from tests.sandbox.crash.engine import Engine
from tests.sandbox.crash.wire import Wire
from tests.sandbox.drift_by_hand import OtherOperator

CURRENT = {handler.handler.current for handler in RESOURCES if hasattr(handler.handler, "current")}
"""The fields of state that hold the id of a credential."""


@dataclass
class Trial:
    """A component in a sandbox, and one thing that is done to it."""

    component: Component
    sandbox: Sandbox
    control: Control
    wire: Wire
    engine: Engine
    capsys: pytest.CaptureFixture[str]
    expected: Counts = field(default_factory=Counter)
    """What is there when nothing is killed."""
    own: tuple[str, str] = ("", "")
    """What Palette had of a user before an upgrade: its name and its own secret."""

    def up(self, arguments: str) -> None:
        self.wire.kill(0, "before")
        self.engine.up(self.component.program_with(arguments))

    def destroy(self) -> None:
        self.wire.kill(0, "before")
        self.engine.destroy()

    def refresh(self) -> None:
        self.wire.kill(0, "before")
        self.engine.refresh()

    def reset(self) -> None:
        self.control.post("reset")
        self.control.post("limit", {"enabled": False})  # a reset turns it on
        self.engine.state.clear()

    def there(self) -> Counts:
        return self.component.there(self.sandbox)

    def converged(self, arguments: str, *, issues: bool = True) -> None:
        """The next run ends well, and the one after it has nothing to do. A run that issues no
        credential deletes none that the killed run left: it names it."""
        self.up(arguments)
        there, may_stay = self.there(), self.component.may_stay
        if not issues:
            may_stay = may_stay | Counter(keys=1)
        assert there - may_stay <= self.expected <= there
        told = self.capsys.readouterr().out
        assert not {key for key in self.strays() if key not in told}, "nobody told of a key"
        location = self.engine.one(LOCATION)
        works(self.control, location.id, location.outputs)
        self.up(arguments)
        assert not self.engine.steps, self.engine.steps
        assert not self.engine.refresh()

    def strays(self) -> set[str]:
        """The credentials that are there and that state does not know."""
        states = [thing.outputs for thing in self.engine.state]
        held = {str(state.get(name)) for state in states for name in (*CURRENT, "previous")}
        return self.component.keys(self.sandbox) - held

    def gone(self) -> None:
        self.destroy()
        assert not self.engine.state
        assert not self.there()
        assert not self.control.locations()


@dataclass(frozen=True)
class Scenario:
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
    only: str = ""
    """The name of the component that it is for alone; empty for all."""

    def prepare(self, trial: Trial) -> None:
        trial.reset()
        for name in self.before:
            trial.up(getattr(trial.component, name))
        other = OtherOperator(trial.sandbox.env, trial.control)
        if self.changed:
            other.change(trial.component)
        if self.filled:
            other.back_up(trial.component)

    def do(self, trial: Trial) -> None:
        trial.capsys.readouterr()
        if self.refreshes and (wrong := trial.engine.refresh()) and not self.changed:
            raise LookupError(f"a refresh takes for changed or gone what is neither: {wrong}")
        if self.killed:
            program = trial.component.program_with(getattr(trial.component, self.killed))
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
            goes_back = self.killed == "rotated" and self.then != "rotated"
            trial.converged(getattr(trial.component, self.then), issues=not goes_back)
        trial.gone()


@pytest.fixture
def trial(
    running: Sandbox,
    control: Control,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Callable[..., Trial]]:
    """Makes trials of a component, with the adapter of a name."""
    for name, value in {**running.env, **WAITS}.items():
        monkeypatch.setenv(name, value)
    wire = Wire(monkeypatch)
    engine = Engine(wire, dict(os.environ), monkeypatch)

    def begin(component: Component, adapter: str = "dynamic") -> Trial:
        engine.adapter = ADAPTERS[adapter]
        return Trial(component, running, control, wire, engine, capsys)

    yield begin
