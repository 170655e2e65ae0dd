"""One call of a run goes wrong, in every way a network or a gateway knows, for every kind of call.

The run ends well or with one readable error; the next one, with nothing wrong, has exactly one of
each object and a credential that works.
"""

from collections.abc import Callable
from typing import Any

import pytest

from palette_backup_provider.core.errors import ProviderError
from tests.sandbox.crash_checks import LOCATION, works
from tests.sandbox.crash_programs import COMPONENTS, Component
from tests.sandbox.test_crash_at_every_call import Trial, trial

__all__ = ["trial"]

SAMPLE = 3
FAULTS: dict[str, dict[str, Any]] = {
    "429": {"fault": "status", "status": 429},
    "500": {"fault": "status", "status": 500},
    "502 in HTML": {"fault": "status", "status": 502},
    "503, done": {"fault": "status", "status": 503, "when": "after"},
    "reset": {"fault": "reset"},
    "reset, done": {"fault": "reset", "when": "after"},
    "truncated": {"fault": "truncate"},
}


def calls(tried: Trial) -> list[tuple[str, str]]:
    """The kinds of calls that a first run makes; what is there at the end of it is noted."""
    tried.reset()
    tried.up(tried.component.made)
    tried.expected = tried.there()
    counted = tried.control.get("calls")
    services = {name: kinds for name, kinds in counted.items() if isinstance(kinds, dict)}
    tried.gone()
    return [(service, call) for service, kinds in services.items() for call in kinds]


def mended(tried: Trial, service: str, call: str, fault: dict[str, Any]) -> None:
    tried.reset()
    tried.control.post("faults", [{"service": service, "call": call, **fault}])
    try:
        tried.up(tried.component.made)
    except AssertionError as refused:  # a failed check: its reasons are the error
        assert "Traceback" not in str(refused)
    except ProviderError as error:
        assert str(error) and "\n" not in str(error)
    tried.control.post("faults", [])
    tried.up(tried.component.made)
    assert tried.there() == tried.expected
    location = tried.engine.one(LOCATION)
    works(tried.control, location.id, location.outputs)
    tried.gone()


@pytest.mark.parametrize(
    "most",
    [pytest.param(None, marks=pytest.mark.stress, id="all"), pytest.param(SAMPLE, id="some")],
)
@pytest.mark.parametrize("component", COMPONENTS, ids=lambda component: component.name)
def test_a_call_that_goes_wrong(
    trial: Callable[[Component], Trial],
    component: Component,
    most: int | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tried = trial(component)
    every = [(*kind, name) for kind in calls(tried) for name in FAULTS]
    chosen = every[len(every) // (2 * most) :: len(every) // most][:most] if most else every
    found: list[str] = []
    for service, call, name in chosen:
        try:
            mended(tried, service, call, FAULTS[name])
        except Exception as error:
            found.append(f"{name} at {service} {call}: {type(error).__name__}: {error}")
    summary = f"{component.name}: {len(chosen)} faults, {len(found)} found"
    with capsys.disabled():
        print(f"\n{summary}")
    assert not found, "\n".join([summary, *found])
