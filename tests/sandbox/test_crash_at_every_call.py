"""A run is killed at every remote call, before and after it took effect, and the next one mends it.

Afterwards there is exactly one of each object, Palette holds a credential that works, and nothing
else works that was not named; after `destroy` nothing is left anywhere.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS
from tests.sandbox.crash.adapters import each_adapter
from tests.sandbox.crash.engine import Crashed
from tests.sandbox.crash.scenario import Scenario, Trial, trial
from tests.sandbox.crash.scenarios import SCENARIOS
from tests.sandbox.crash.wire import When

__all__ = ["trial"]

SAMPLE, SAMPLED = 2, ("create", "replace", "rotate", "upgrade")
"""How many points are tried of which scenarios, when not all are."""
SIDES: tuple[When, When] = ("before", "after")


def points(scenario: Scenario, trial: Trial) -> int:
    """How many calls `scenario` makes; what is there at the end of it is noted."""
    if scenario.then:
        for name in (*scenario.before, scenario.then):
            trial.up(getattr(trial.component, name))
        trial.expected = trial.there()
    scenario.prepare(trial)
    trial.wire.kill(0, "before")
    scenario.do(trial)
    return trial.wire.calls


def test_no_trial_is_slowed_down_by_the_limit_of_palette(
    trial: Callable[..., Trial], running: Sandbox
) -> None:
    """A refused call counts as one, so that the same run would make more calls at times."""
    tried = trial(COMPONENTS[0])
    tried.reset()
    assert not running.conditions.limit.limit.enabled


def _applies(component: Component, scenario: str) -> bool:
    """Whether the component has what the scenario changes."""
    case = SCENARIOS[scenario]
    if case.only:
        return case.only == component.name
    return component.rotates or not scenario.startswith("rotate")


def _cases() -> Iterator[Any]:
    for component in COMPONENTS:
        for scenario in SCENARIOS:
            if _applies(component, scenario):
                case = component, scenario
                name = f"{component.name}, {scenario}"
                yield pytest.param(*case, None, marks=pytest.mark.stress, id=f"{name}, all")
                if scenario in SAMPLED:
                    yield pytest.param(*case, SAMPLE, id=f"{name}, some")


@pytest.mark.parametrize(("component", "scenario", "most"), [*_cases()])
@pytest.mark.sampled(7)
@each_adapter
def test_a_run_killed_at_a_call(
    trial: Callable[..., Trial],
    component: Component,
    adapter: str,
    scenario: str,
    most: int | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    case, tried = SCENARIOS[scenario], trial(component, adapter)
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
    summary = f"{component.name}, {adapter}, {scenario}: {len(chosen)} points, {len(found)} found"
    with capsys.disabled():
        print(f"\n{summary}")
    assert not found, "\n".join([summary, *found])
