"""Palette answers otherwise than it is documented, or the tenant changes under a stack's feet.

Where public sources leave open what Palette answers, whole lives of all components go well with
either; where a project is gone or the key is another tenant's, one error says so and nothing is
taken for gone.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.sandbox.palette.store import Store
from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS
from tests.sandbox.crash.checks import LOCATION, works
from tests.sandbox.crash.engine import Refused
from tests.sandbox.crash.scenario import Trial, trial

__all__ = ["trial"]

DIFFERENCES: dict[str, dict[str, Any]] = {
    "secrets as stars": {"mask": "stars"},
    "ends of secrets": {"mask": "last4"},
    "empty secrets": {"mask": "empty"},
    "no secrets": {"mask": "absent"},
    "fields nobody knows": {"more_fields": True},
    "a list without kinds": {"list_shows_kind": False},
    "a list that is cut": {"list_length": 0},
    "the tenant's locations, too": {"list_shows_tenant": True},
    "whole seconds": {"whole_seconds": True},
    "the time in every answer": {"get_shows_time": True},
}
LATER = "2099-01-01T00:00:00.000Z"


def _cases() -> Iterator[Any]:
    """Each difference with each component; of each component, one in every run of the tests."""
    for n, difference in enumerate(DIFFERENCES):
        for m, component in enumerate(COMPONENTS):
            marks = [] if n == m else [pytest.mark.stress]
            id = f"{component.name}, {difference}"
            yield pytest.param(component, difference, id=id, marks=marks)


@pytest.mark.parametrize(("component", "difference"), [*_cases()])
@pytest.mark.sampled(2)
def test_a_life_with_another_palette(
    trial: Callable[[Component], Trial], component: Component, difference: str
) -> None:
    tried = trial(component)
    tried.reset()
    tried.control.post("knobs", DIFFERENCES[difference])
    tried.up(component.made)
    uid = tried.engine.one(LOCATION).id
    names = ["updated", *(["rotated"] if component.rotates else [])]
    for arguments in (getattr(component, name) for name in names):
        touched(tried)
        assert not tried.engine.refresh()
        tried.up(arguments)
        location = tried.engine.one(LOCATION)
        assert location.id == uid
        works(tried.control, uid, location.outputs)
        tried.up(arguments)
        assert not tried.engine.steps
    tried.gone()


def touched(tried: Trial) -> None:
    """Have every location read anew: somebody changed it, and changed it back."""
    for location in tried.sandbox.store.all():
        location.modified = LATER


@contextmanager
def project_gone(tried: Trial) -> Iterator[None]:
    store = tried.sandbox.store
    projects, store.projects = store.projects, {"team-a": store.projects["team-a"]}
    yield
    store.projects = projects


@contextmanager
def another_tenant(tried: Trial) -> Iterator[None]:
    """The key in use is one of a tenant that has projects of the same names, and nothing else."""
    ours, theirs = tried.sandbox.store, Store()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("tenant", "projects", "_locations"):
            patch.setattr(ours, name, getattr(theirs, name))
        yield


def refused(attempt: Callable[[], object]) -> str:
    """The one error that it ends with."""
    with pytest.raises((ProviderError, Refused)) as told:
        attempt()
    text = str(told.value)
    assert "\n" not in text and "Traceback" not in text
    return text


@pytest.mark.parametrize("away", [project_gone, another_tenant])
@pytest.mark.parametrize(
    "component",
    [
        pytest.param(each, marks=[pytest.mark.stress] if each is not COMPONENTS[0] else [])
        for each in COMPONENTS
    ],
)
def test_what_is_out_of_sight_is_not_taken_for_gone(
    trial: Callable[[Component], Trial],
    component: Component,
    away: Callable[[Trial], AbstractContextManager[None]],
) -> None:
    tried = trial(component)
    tried.reset()
    tried.up(component.made)
    tried.expected, location = tried.there(), tried.engine.one(LOCATION)
    for attempt in (tried.refresh, tried.destroy, lambda: tried.up(component.updated)):
        with away(tried):
            told = refused(attempt)
        assert ("project" if away is project_gone else "Palette tenant") in told
        assert tried.engine.one(LOCATION) == location
    tried.converged(component.made)
    assert tried.engine.one(LOCATION).id == location.id
    tried.gone()
