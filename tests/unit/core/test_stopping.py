import threading
import time
from concurrent.futures import Future

import pytest

from palette_backup_provider.core import stopping
from palette_backup_provider.core.errors import ProviderError, Stopped
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.stopping import pause, stop

LONG = 60.0


@pytest.fixture(autouse=True)
def running(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_stopped", Future())


def test_a_pause_takes_its_time() -> None:
    begun = time.monotonic()
    pause(0.02)
    assert 0.02 <= time.monotonic() - begun < LONG


def test_a_stop_ends_every_pause_that_is_under_way() -> None:
    ended: list[ProviderError] = []

    def wait() -> None:
        try:
            pause(LONG)
        except ProviderError as error:
            ended.append(error)

    threads = [threading.Thread(target=wait) for _ in range(8)]
    for thread in threads:
        thread.start()
    stop()
    for thread in threads:
        thread.join(LONG)
    assert [type(error) for error in ended] == [Stopped] * len(threads)


def test_after_a_stop_no_pause_begins() -> None:
    stop()
    stop()
    begun = time.monotonic()
    for _ in range(2):
        with pytest.raises(Stopped, match=r"Run `pulumi up` again: it goes on from here\."):
            pause(LONG)
    assert time.monotonic() - begun < LONG


def test_a_pause_ends_with_what_it_waits_for() -> None:
    outcome: Future[int] = Future()
    outcome.set_result(1)
    begun = time.monotonic()
    pause(LONG, outcome)
    assert time.monotonic() - begun < LONG


def test_a_stop_is_nothing_that_passes() -> None:
    stop()
    tries: list[int] = []

    def attempt() -> None:
        tries.append(1)
        pause(LONG)

    with pytest.raises(Stopped):
        Patience(LONG).until(attempt, lambda error: not isinstance(error, Stopped), "waiting")
    assert len(tries) == 1
