"""Two states of one name and one account, whose runs come in any order: neither touches what the
other holds, and after every command what exists is what the two states say."""

import json
import os
import random
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable

import pytest

from palette_backup_provider.engine.properties import Props
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.component import Component, Counts
from tests.sandbox.components import COMPONENTS, WAITS
from tests.sandbox.control import Control
from tests.sandbox.crash.checks import LOCATION
from tests.sandbox.crash.engine import Engine
from tests.sandbox.crash.wire import Wire
from tests.sandbox.resource_types import types
from tests.sandbox.stack import Stack

STEPS = 6
ACTIONS = ("made", "updated", "rotated", "refresh", "destroy")
NOTHING_REMOTE = {token for each in types() for token in each.nothing_remote}
KINDS = {token: kinds for each in types() for token, kinds in each.counted.items()}
CREDENTIALS = {token: kind for each in types() for token, kind in each.credentials.items()}
REFUSED = "another state of this stack (begun on 20"
Held = tuple[str, Props]
"""The type and the outputs of one resource in state."""


class State(ABC):
    """One of the two."""

    @abstractmethod
    def held(self) -> Iterable[Held]:
        """Everything in state."""

    @abstractmethod
    def run(self, action: str) -> str:
        """Do it, and return why it was refused; empty if it went well."""

    @property
    def empty(self) -> bool:
        return all(token in NOTHING_REMOTE for token, _ in self.held())


class InProcess(State):
    def __init__(self, engine: Engine, component: Component) -> None:
        self._engine, self._component = engine, component

    def held(self) -> Iterable[Held]:
        return [(thing.token, thing.outputs) for thing in self._engine.state]

    def run(self, action: str) -> str:
        try:
            if action == "destroy":
                self._engine.destroy()
            elif action == "refresh":
                return " ".join(self._engine.refresh())
            else:
                self._engine.up(self._component.program_with(getattr(self._component, action)))
        except Exception as error:
            return str(error)
        return ""


class OnTheEngine(State):
    def __init__(self, stack: Stack, component: Component) -> None:
        self._stack, self._component = stack, component

    def held(self) -> Iterable[Held]:
        return [(r["type"].partition("dynamic/")[2], r["outputs"]) for r in self._stack.resources()]

    def run(self, action: str) -> str:
        if action in ("destroy", "refresh"):
            return self._stack.run(action, "--yes", "--skip-preview", ok=None).errors
        self._stack.program(self._component.program_with(getattr(self._component, action)))
        return self._stack.up(ok=None).errors


def counted(states: Iterable[State]) -> Counts:
    """What the states say there is."""
    ids: set[tuple[str, str]] = set()
    counts: Counts = Counter()
    for state in states:
        for token, outputs in state.held():
            if token in KINDS:
                counts.update(KINDS[token])
            elif token in CREDENTIALS:
                kind, current = CREDENTIALS[token]
                ids.add((kind, outputs[current]))
                if outputs.get("retiring_until"):
                    ids.add((kind, outputs["previous"]))
    return +counts + Counter(kind for kind, _ in ids)


def interleaved(
    seed: int, states: tuple[State, State], component: Component, running: Sandbox, control: Control
) -> None:
    order = random.Random(f"{component.name} {seed}")
    actions = [action for action in ACTIONS if action != "rotated" or component.rotates]
    done: list[str] = []
    for _ in range(STEPS):
        which, action = order.randrange(2), order.choice(actions)
        done.append(f"{'AB'[which]} {action}")
        told = f"order {seed}: {', '.join(done)}"
        one, other = states[which], states[1 - which]
        before = (component.there(running), json.dumps(control.locations()))
        refusal = one.run(action)
        taken = action not in ("destroy", "refresh") and not other.empty
        assert (REFUSED in refusal) if taken else not refusal, f"{told}: {refusal or 'no refusal'}"
        if taken:
            assert (component.there(running), json.dumps(control.locations())) == before, told
        assert component.there(running) == counted(states), told
        uids = sorted(location["uid"] for location in control.locations())
        assert len(uids) == sum(t == LOCATION for s in states for t, _ in s.held()), told
    for state in states:
        assert not state.run("destroy"), f"{done}, and both destroyed"
    assert not component.there(running) and not control.locations()


@pytest.mark.parametrize(
    "orders", [5, pytest.param(200, marks=pytest.mark.stress)], ids=["some", "all"]
)
@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.sampled
def test_in_this_process(
    component: Component,
    orders: int,
    running: Sandbox,
    control: Control,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {**running.env, **WAITS}.items():
        monkeypatch.setenv(name, value)
    wire = Wire(monkeypatch)
    wire.kill(0, "before")
    control.post("limit", {"enabled": False})
    for seed in range(orders):
        one, other = (
            InProcess(Engine(wire, dict(os.environ), monkeypatch), component) for _ in range(2)
        )
        interleaved(seed, (one, other), component, running, control)


@pytest.mark.parametrize(
    "orders", [1, pytest.param(10, marks=pytest.mark.stress)], ids=["one", "all"]
)
@pytest.mark.parametrize(
    "component",
    [
        pytest.param(each, id=each.name, marks=[] if each is COMPONENTS[0] else pytest.mark.stress)
        for each in COMPONENTS
    ],
)
def test_on_the_engine(
    component: Component,
    orders: int,
    new_stack: Callable[..., Stack],
    running: Sandbox,
    control: Control,
) -> None:
    for seed in range(orders):
        stacks = [new_stack(f"{seed}{n}", own_backend=True, project="one") for n in "ab"]
        one, other = (OnTheEngine(stack, component) for stack in stacks)
        interleaved(seed, (one, other), component, running, control)
