"""This machine's clock is 20 minutes off: each cloud that minds says so, and nothing is made."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from palette_backup_provider.core.errors import ProviderError
from tests.sandbox.crash_programs import COMPONENTS, Component
from tests.sandbox.test_crash_at_every_call import Trial, trial

__all__ = ["trial"]

CLOCKS = {"botocore.auth.get_current_datetime": None, "google.auth._helpers.utcnow": None}
"""Where clients take the time from that they sign with."""
MINDS = [each for each in COMPONENTS if each.name != "AzureBackupLocation"]
"""Those that sign with the time before anything is made; Azure takes a secret."""


@pytest.mark.parametrize("minutes", [20, pytest.param(-20, marks=pytest.mark.stress)])
@pytest.mark.parametrize("component", MINDS, ids=lambda component: component.name)
def test_a_clock_that_is_wrong(
    trial: Callable[[Component], Trial], component: Component, minutes: int
) -> None:
    tried = trial(component)
    tried.reset()
    with pytest.MonkeyPatch.context() as patch:
        for clock, zone in (*CLOCKS.items(), ("minio.time.utcnow", UTC)):
            patch.setattr(
                clock,
                lambda zone=zone: (
                    datetime.now(UTC).replace(tzinfo=zone) + timedelta(minutes=minutes)
                ),
            )
        # an AssertionError comes from a check, in the words of whatever waited for its outcome
        with pytest.raises((ProviderError, AssertionError), match="clock"):
            tried.up(component.made)
    assert not tried.there()
    tried.up(component.made)
    tried.gone()
