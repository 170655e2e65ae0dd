"""This machine's clock is off: each cloud that minds says so, and nothing is made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from palette_backup_provider.core.errors import ProviderError
from tests.sandbox.crash_engine import Refused
from tests.sandbox.crash_programs import COMPONENTS, Component
from tests.sandbox.test_crash_at_every_call import Trial, trial

__all__ = ["trial"]

CLOCKS = {
    "botocore.auth.get_current_datetime": None,
    "google.auth._helpers.utcnow": None,
    "minio.time.utcnow": UTC,
}
"""Where clients take the time from that they sign with, and the zone that they expect of it."""
MINDS = [each for each in COMPONENTS if each.name != "AzureBackupLocation"]
"""Those that sign with the time before anything is made; Azure takes a secret."""
GOOGLE = next(each for each in COMPONENTS if each.name == "GcpBackupLocation")


@contextmanager
def off(minutes: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for clock, zone in CLOCKS.items():
            patch.setattr(
                clock,
                lambda zone=zone: (
                    datetime.now(UTC).replace(tzinfo=zone) + timedelta(minutes=minutes)
                ),
            )
        yield


@pytest.mark.parametrize("fast", [True, pytest.param(False, marks=pytest.mark.stress)])
@pytest.mark.parametrize("component", MINDS, ids=lambda component: component.name)
def test_a_clock_that_is_wrong(
    trial: Callable[[Component], Trial], component: Component, fast: bool
) -> None:
    tried = trial(component)
    tried.reset()
    # Google takes what is signed for an hour until that hour is over
    minutes = 20 if fast else -70 if component is GOOGLE else -20
    with off(minutes), pytest.raises((ProviderError, Refused), match="clock"):
        tried.up(component.made)
    assert not tried.there()
    tried.up(component.made)
    tried.gone()


@pytest.mark.stress
def test_a_clock_that_google_bears(trial: Callable[[Component], Trial]) -> None:
    tried = trial(GOOGLE)
    tried.reset()
    with off(-20):
        tried.up(GOOGLE.made)
    tried.gone()
