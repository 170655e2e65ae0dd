"""The engine, the provider or both are killed in the middle of a run; Ctrl-C once and twice."""

import os
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.component import Component, Counts
from tests.sandbox.components import COMPONENTS, WAITS
from tests.sandbox.control import Control
from tests.sandbox.crash.checks import in_state, works
from tests.sandbox.crash.engine import Engine
from tests.sandbox.crash.processes import Stopped, Victim, recover
from tests.sandbox.crash.wire import When, Wire
from tests.sandbox.stack import Stack


@dataclass(frozen=True)
class Scenario:
    """A command that is killed, and what was in force before."""

    before: str
    """Names the arguments that were in force; empty for none."""
    command: str
    arguments: str
    """Names the arguments in force during the run that is killed, and in the next."""


CREATE = Scenario("", "up", "made")
UPDATE = Scenario("made", "up", "updated")
REPLACE = Scenario("made", "up", "replaced")
DESTROY = Scenario("made", "destroy", "made")
POINTS: list[tuple[Scenario, float, When, Victim]] = [
    (CREATE, 0.35, "after", "provider"),
    (CREATE, 0.45, "after", "engine"),
    (CREATE, 0.55, "before", "both"),
    (CREATE, 0.65, "after", "both"),
    (CREATE, 0.95, "after", "provider"),
    (UPDATE, 0.7, "after", "both"),
    (REPLACE, 0.4, "after", "provider"),
    (REPLACE, 0.6, "after", "engine"),
    (REPLACE, 0.8, "before", "both"),
    (REPLACE, 0.95, "after", "provider"),
    (DESTROY, 0.5, "after", "both"),
    (DESTROY, 0.8, "after", "engine"),
    (DESTROY, 0.95, "after", "provider"),
]
"""What is killed, after what part of its calls, on which side of that call, and who dies."""
QUICK = [3]
"""The points that are tried with the first component in every run of the tests."""
NAMES = {
    id(scenario): name
    for name, scenario in list(globals().items())
    if isinstance(scenario, Scenario)
}


def _cases() -> list[object]:
    return [
        pytest.param(
            component,
            *point,
            id=f"{component.name} {NAMES[id(point[0])].lower()} {point[1]:.0%} {point[2]}"
            f" {point[3]}",
            marks=[] if component is COMPONENTS[0] and n in QUICK else [pytest.mark.stress],
        )
        for component in COMPONENTS
        for n, point in enumerate(POINTS)
    ]


@dataclass
class Trial:
    """A component on the real engine."""

    stack: Stack
    component: Component
    sandbox: Sandbox
    control: Control

    def use(self, arguments: str) -> None:
        self.stack.program(self.component.program_with(getattr(self.component, arguments)))

    def prepare(self, scenario: Scenario) -> None:
        if scenario.before:
            self.use(scenario.before)
            self.stack.up()
        self.use(scenario.arguments)

    def rehearsed(self, scenario: Scenario) -> tuple[int, Counts]:
        """How many calls the command makes, and what is there after it and another `up`."""
        with pytest.MonkeyPatch.context() as patch:
            wire = Wire(patch)
            engine = Engine(wire, os.environ, patch)
            if scenario.before:
                engine.up(self.component.program_with(getattr(self.component, scenario.before)))
            wire.kill(0, "before")
            program = self.component.program_with(getattr(self.component, scenario.arguments))
            engine.up(program) if scenario.command == "up" else engine.destroy()
            calls = wire.calls
            engine.up(program)
        expected = self.component.there(self.sandbox)
        self.control.post("reset")
        return calls, expected

    def recovered(self, command: str, expected: Counts) -> None:
        """After what Pulumi asks for there is one of each, nothing to do, and a way to nothing."""
        recover(self.stack, command)
        there = self.component.there(self.sandbox)
        assert there - self.component.may_stay <= expected <= there
        works(self.control, *in_state(self.stack))
        self.stack.preview("--refresh", "--expect-no-changes")
        self.gone()

    def gone(self) -> None:
        self.stack.destroy()
        assert not self.stack.resources()
        assert not self.component.there(self.sandbox)
        assert not self.control.locations()


@pytest.fixture
def trial(
    stack: Stack, running: Sandbox, control: Control, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Component], Trial]:
    """Makes trials; what is asked from here needs the sandbox's settings too."""
    for name, value in running.env.items():
        monkeypatch.setenv(name, value)
    stack.environment = {**stack.environment, **WAITS}
    return lambda component: Trial(stack, component, running, control)


@pytest.mark.parametrize(("component", "scenario", "part", "when", "victim"), _cases())
def test_a_kill(
    trial: Callable[[Component], Trial],
    component: Component,
    scenario: Scenario,
    part: float,
    when: When,
    victim: Victim,
) -> None:
    tried = trial(component)
    calls, expected = tried.rehearsed(scenario)
    tried.prepare(scenario)
    with Stopped(tried.stack, tried.control, scenario.command, round(calls * part), when) as run:
        run.kill(victim)
    tried.recovered(scenario.command, expected)


@pytest.mark.parametrize("times", [1, pytest.param(2, marks=pytest.mark.stress)])
def test_ctrl_c(trial: Callable[[Component], Trial], times: int) -> None:
    """Once, what is being made is waited for and saved; twice, the run ends without it."""
    component = COMPONENTS[0]
    tried = trial(component)
    calls, expected = tried.rehearsed(CREATE)
    tried.prepare(CREATE)
    with Stopped(tried.stack, tried.control, "up", calls // 2, "after") as run:
        run.interrupt()
        if times == 2:
            run.interrupt()
            run.wait_for_death()
    tried.recovered(CREATE.command, expected)
