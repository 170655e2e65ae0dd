"""Faults at every kind of call that a component makes in its life, and a run that meets one."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from palette_backup_provider.core.errors import ProviderError
from tests.sandbox.crash.engine import Refused
from tests.sandbox.crash.scenario import Scenario, Trial
from tests.sandbox.crash.scenarios import SCENARIOS

DEADLINE = 90.0
"""Seconds after which a run with one fault has to be over."""
LIFE = ("create", "update", "rotate", "look", "put back", "destroy, then again")
LOOK = Scenario(("made",), "made", "made", refreshes=True)
ALL = {**SCENARIOS, "look": LOOK}
"""What goes wrong while nothing is to be done must not look like a change."""
APART = ("look", "destroy, then again")
FAULTS: dict[str, dict[str, Any]] = {
    "429": {"fault": "status", "status": 429},
    "429, Retry-After": {"fault": "status", "status": 429, "retry_after": 1},
    "500": {"fault": "status", "status": 500},
    "502 in HTML": {"fault": "status", "status": 502},
    "404 in HTML": {"fault": "status", "status": 404},
    "503, done": {"fault": "status", "status": 503, "when": "after"},
    "reset": {"fault": "reset"},
    "reset, done": {"fault": "reset", "when": "after"},
    "silence": {"fault": "silence"},
    "silence, done": {"fault": "silence", "when": "after"},
    "truncated": {"fault": "truncate"},
    "mislabelled": {"fault": "mislabel"},
    "garbled": {"fault": "garble"},
}
OF_PALETTE = {
    "200 in HTML": {"fault": "status", "status": 200},
    "200 in HTML, done": {"fault": "status", "status": 200, "when": "after"},
}
"""What only a REST API can tell from an answer: a page of whoever stands in between."""
FOR_GOOD = 10**6


def life(tried: Trial, scenarios: Sequence[str]) -> Iterator[tuple[str, dict[str, dict[str, int]]]]:
    """Each scenario, and how often it makes which calls of which service."""
    for scenario in scenarios:
        if scenario == "rotate" and not tried.component.rotates:
            continue
        if ALL[scenario].only not in ("", tried.component.name):
            continue
        ALL[scenario].prepare(tried)
        before = counted(tried)
        ALL[scenario].do(tried)
        made = {
            service: {call: n - before[service].get(call, 0) for call, n in calls.items()}
            for service, calls in counted(tried).items()
        }
        yield scenario, made


def counted(tried: Trial) -> dict[str, dict[str, int]]:
    """How often each call of each service was made since the last reset."""
    told = tried.control.get("calls")
    return {service: calls for service, calls in told.items() if isinstance(calls, dict)}


def faults(tried: Trial, scenarios: Sequence[str]) -> list[tuple[str, str, dict[str, Any]]]:
    """Every fault at every kind of call, in the first scenario that makes it.

    A refresh and a second destruction count apart: there an absent object is no surprise.
    """
    first: dict[tuple[str, str, Scenario | None], str] = {}
    for scenario, made in life(tried, scenarios):
        kind = ALL[scenario] if scenario in APART else None
        for service, calls in made.items():
            for call in (call for call, n in calls.items() if n):
                first.setdefault((service, call, kind), scenario)
    return [
        (scenario, f"{name} at {service} {call}", {"service": service, "call": call, **fault})
        for (service, call, _), scenario in first.items()
        for name, fault in {**FAULTS, **(OF_PALETTE if service == "palette" else {})}.items()
    ]


def revocations(tried: Trial, scenarios: Sequence[str]) -> list[tuple[str, str, dict[str, Any]]]:
    """The credential for each service, revoked at every call of every scenario."""
    revoked = {"call": "*", "fault": "revoke", "times": FOR_GOOD}
    return [
        (scenario, f"{service} revoked at call {at}", {"service": service, "at": at, **revoked})
        for scenario, made in life(tried, scenarios)
        for service, calls in made.items()
        for at in range(1, sum(calls.values()) + 1)
    ]


def expect(tried: Trial, scenario: str) -> None:
    """Note what is there when nothing goes wrong."""
    tried.reset()
    for name in filter(None, (*ALL[scenario].before, ALL[scenario].then)):
        tried.up(getattr(tried.component, name))
    tried.expected = tried.there()


def strike(tried: Trial, scenario: str, fault: dict[str, Any], knobs: dict[str, Any]) -> None:
    ALL[scenario].prepare(tried)
    tried.control.post("knobs", knobs)
    tried.control.post("faults", [fault])
    started = time.monotonic()
    try:
        ALL[scenario].do(tried)
    except (ProviderError, Refused) as error:
        assert str(error) and "\n" not in str(error)
    assert time.monotonic() - started < DEADLINE
    tried.control.post("faults", [])
    ALL[scenario].mend(tried, refresh=False)
