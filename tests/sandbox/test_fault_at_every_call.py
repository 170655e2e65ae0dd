"""One call of a run goes wrong, in every way a network or a gateway knows, for every kind of call
that a component makes in its life; or a credential is revoked at it.

The run ends well or with one readable error, and in time; the next one, with nothing wrong, has
exactly one of each object and a credential that works.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from palette_backup_provider import registry
from palette_backup_provider.clients.rest import deadline
from palette_backup_provider.engine.lineage import Lineage
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS
from tests.sandbox.crash.adapters import each_adapter
from tests.sandbox.crash.faults import (
    LIFE,
    expect,
    faults,
    life,
    revocations,
    strike,
)
from tests.sandbox.crash.scenario import Trial, trial
from tests.sandbox.crash.scenarios import SCENARIOS

__all__ = ["trial"]

SAMPLE = 2
OF_ONE = [name for name, scenario in SCENARIOS.items() if scenario.only]
"""What only one component goes through."""
SILENCE = 3.0
"""Seconds until a client gives up waiting for an answer; it is 30 s outside of tests."""
NOBODYS = {
    "POST /v1/auth/authenticate",
    "GET /v1/auth/refresh/{token}",
    "PUT /v1/spectroclusters/features/backup/locations/{uid}",
    "DELETE /v1/users/assets/locations/{uid}",
}
"""Routes of the simulator that only other clients of Palette's use."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is given up soon."""
    monkeypatch.setattr(deadline, "READ_TIMEOUT", SILENCE)


def spread(every: list[Any], most: int | None) -> list[Any]:
    return every[len(every) // (2 * most) :: len(every) // most][:most] if most else every


WHOLE = [
    pytest.param(LIFE[: n + 1], None, marks=pytest.mark.stress, id=f"{scenario}, all")
    for n, scenario in enumerate(LIFE)
]
"""A case a scenario, with those before it: all together take an hour."""
SOME = pytest.param(LIFE[:1], SAMPLE, id=f"{LIFE[0]}, some")


def run(
    tried: Trial,
    what: str,
    chosen: list[tuple[str, str, dict[str, Any]]],
    knobs: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    found: list[str] = []
    if chosen:
        expect(tried, chosen[0][0])
    for scenario, name, fault in chosen:
        try:
            strike(tried, scenario, fault, knobs)
        except Exception as error:
            found.append(f"{scenario}, {name}: {type(error).__name__}: {error}")
    summary = f"{tried.component.name}: {len(chosen)} {what}, {len(found)} found"
    with capsys.disabled():
        print(f"\n{summary}")
    assert not found, "\n".join([summary, *found])


@pytest.mark.stress
def test_all_lives_together_have_every_type_and_make_every_call_of_palette(
    trial: Callable[[Component], Trial], running: Sandbox
) -> None:
    made: set[str] = set()
    types: set[str] = set()
    for component in COMPONENTS:
        tried = trial(component)
        for _, calls in life(tried, (*LIFE, *OF_ONE)):
            made |= {of_any_kind(call) for call, n in calls["palette"].items() if n}
            types |= {thing.token for thing in tried.engine.state}
    assert types - {Lineage.token} == {kind.token for kind in registry.RESOURCES}
    served = {
        of_any_kind(f"{method} {rule.rule}")
        for rule in running.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/v1/")
    }
    assert served - made == NOBODYS


def of_any_kind(call: str) -> str:
    """`call`, without the kind of storage that it is about."""
    kinds = "|".join(sorted({each.kind for each in COMPONENTS}))
    named = re.sub(rf"(?<=/assets/locations/)({kinds}|<any.*?>)", "{kind}", call)
    return re.sub(r"<([a-z]+)>", r"{\1}", named)


@pytest.mark.parametrize(("scenarios", "most"), [*WHOLE, SOME])
@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.sampled(3)
@each_adapter
def test_a_call_that_goes_wrong(
    trial: Callable[..., Trial],
    component: Component,
    adapter: str,
    scenarios: Sequence[str],
    most: int | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tried = trial(component, adapter)
    every = [point for point in faults(tried, scenarios) if point[0] == scenarios[-1]]
    run(tried, f"faults of {adapter}", spread(every, most), {}, capsys)


@pytest.mark.parametrize(
    ("component", "scenarios", "most"),
    [
        pytest.param(component, *how.values, marks=how.marks, id=f"{component.name}-{how.id}")
        for component in COMPONENTS
        for how in (*WHOLE, SOME)
        if how is not SOME or component is COMPONENTS[0]
    ],
)
@pytest.mark.parametrize("status", [401, pytest.param(404, marks=pytest.mark.stress)])
@each_adapter
def test_a_credential_revoked_half_way(
    trial: Callable[..., Trial],
    component: Component,
    adapter: str,
    scenarios: Sequence[str],
    most: int | None,
    status: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Palette says 404 to an unknown key where an absent object is a 404 too."""
    tried = trial(component, adapter)
    every = revocations(tried, scenarios[-1:])
    if status == 404:
        every = [point for point in every if point[2]["service"] == "palette"]
    run(
        tried,
        f"revocations ({status}) of {adapter}",
        spread(every, most),
        {"bad_key": status},
        capsys,
    )


@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.sampled
@each_adapter
def test_an_answer_of_the_wrong_shape_is_no_answer(
    trial: Callable[..., Trial],
    component: Component,
    adapter: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The call took effect all the same, which the next run finds; `all` above has every call."""
    tried = trial(component, adapter)
    every = [point for point in faults(tried, LIFE[:1]) if point[2]["fault"] == "garble"]
    run(tried, f"garbled answers of {adapter}", spread(every, SAMPLE), {}, capsys)
