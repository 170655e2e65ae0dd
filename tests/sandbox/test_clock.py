"""This machine's clock is off: each cloud that minds says so, and nothing is made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from palette_backup_provider.core.errors import ProviderError
from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS
from tests.sandbox.crash.engine import Refused
from tests.sandbox.crash.scenario import Trial, trial

__all__ = ["trial"]

MINDS = [each for each in COMPONENTS if each.clock]
"""Those that sign with the time before anything is made."""
USUAL = 20
"""Minutes that no cloud bears, unless it says otherwise."""
BEARS = [each for each in COMPONENTS if each.clock and each.clock.too_slow > USUAL]


@contextmanager
def off(minutes: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for clock in {each.clock for each in MINDS if each.clock}:
            patch.setattr(
                clock.function,
                lambda zone=clock.zone: (
                    datetime.now(UTC).replace(tzinfo=zone) + timedelta(minutes=minutes)
                ),
            )
        yield


@pytest.mark.parametrize("fast", [True, pytest.param(False, marks=pytest.mark.stress)])
@pytest.mark.parametrize("component", MINDS)
@pytest.mark.sampled
def test_a_clock_that_is_wrong(
    trial: Callable[[Component], Trial], component: Component, fast: bool
) -> None:
    tried = trial(component)
    tried.reset()
    assert component.clock
    minutes = USUAL if fast else -component.clock.too_slow
    with off(minutes), pytest.raises((ProviderError, Refused), match="clock"):
        tried.up(component.made)
    assert not tried.there()
    tried.up(component.made)
    tried.gone()


@pytest.mark.stress
@pytest.mark.parametrize("component", BEARS)
def test_a_slow_clock_that_a_cloud_bears(
    trial: Callable[[Component], Trial], component: Component
) -> None:
    tried = trial(component)
    tried.reset()
    with off(-USUAL):
        tried.up(component.made)
    tried.gone()
