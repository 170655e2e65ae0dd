"""The limiter against a server that counts as Palette does, in both readings of its burst."""

import pytest

from palette_backup_provider.clients.rest.throttle import BURST, RATE, STRICT, Throttle
from tests.unit.clients.loopback import FakeTime

PATH = "/v1/users/assets/locations"
AT_ONCE = pytest.approx(0, abs=1e-6)
"""The sleep of calls that may be sent at once, but for how floats round."""


class Limit:
    """A token bucket, as Palette keeps one."""

    def __init__(self, time: FakeTime, rate: float, burst: float) -> None:
        self.time, self.rate, self.burst = time, rate, burst
        self.tokens, self.last, self.refused = burst, time.now, 0

    def take(self) -> bool:
        passed = (self.time.now - self.last) * self.rate
        self.tokens, self.last = min(self.burst, self.tokens + passed), self.time.now
        if self.tokens < 1:
            self.refused += 1
            return False
        self.tokens -= 1
        return True


def call(throttle: Throttle, limit: Limit, path: str = PATH) -> None:
    throttle.wait(path)
    while not limit.take():
        assert limit.refused < 50
        throttle.back_off(path, 0.5)
        throttle.wait(path)


@pytest.mark.parametrize(("burst", "refusals", "seconds"), [(50, 0, 5.0), (5, 1, 9.5)])
def test_hundred_calls_at_either_reading_of_the_burst(
    burst: int, refusals: int, seconds: float
) -> None:
    time = FakeTime()
    throttle, limit = Throttle(time.clock, time.sleep), Limit(time, 10, burst)
    for _ in range(100):
        call(throttle, limit)
    assert limit.refused == refusals
    assert time.now - 1000 < 1.05 * seconds  # what the limit itself allows


def test_no_refusal_after_a_pause_that_filled_the_bucket() -> None:
    time = FakeTime()
    throttle, limit = Throttle(time.clock, time.sleep), Limit(time, 10, 50)
    for _ in range(3):
        for _ in range(120):
            call(throttle, limit)
        time.now += 60
    assert limit.refused == 0


def test_after_a_refusal_no_call_is_early_and_what_the_wait_made_good_is_used() -> None:
    time = FakeTime()
    throttle, limit = Throttle(time.clock, time.sleep), Limit(time, 10, 5)
    for _ in range(5):
        call(throttle, limit)
    assert not limit.take()
    throttle.back_off(PATH, 2)
    for _ in range(4):
        call(throttle, limit)
    assert sum(time.slept) == pytest.approx(2)
    for _ in range(20):
        call(throttle, limit)
    assert limit.refused == 1


def test_all_that_wait_for_the_end_of_a_pause_share_what_there_is_then() -> None:
    time = FakeTime()
    starts: list[float] = []
    throttle = Throttle(time.clock, starts.append)  # as threads would: nobody's sleep moves time
    throttle.back_off(PATH, 3)
    for _ in range(STRICT + 2):
        throttle.wait(PATH)
    assert starts == pytest.approx([3.0] * STRICT + [3 + 1 / RATE, 3 + 2 / RATE])


def test_refusals_of_one_moment_do_not_add_up() -> None:
    time = FakeTime()
    throttle = Throttle(time.clock, time.sleep)
    for _ in range(BURST):
        throttle.wait(PATH)
    assert sum(time.slept) == AT_ONCE
    for _ in range(4):
        throttle.back_off(PATH, 2)
    throttle.wait(PATH)
    assert sum(time.slept) == pytest.approx(2)


def test_prefixes_do_not_wait_for_each_other() -> None:
    time = FakeTime()
    throttle = Throttle(time.clock, time.sleep)
    throttle.back_off(PATH, 30)
    throttle.wait("/v1/clouds/some/validate")
    assert sum(time.slept) == AT_ONCE
    throttle.wait("/v1/users/info")
    assert sum(time.slept) == pytest.approx(30)


def test_clusters_may_be_asked_faster() -> None:
    time = FakeTime()
    throttle = Throttle(time.clock, time.sleep)
    for _ in range(BURST + 100):
        throttle.wait("/v1/spectroclusters/features/backup/locations/u1")
    assert 2.0 < time.now - 1000 < 2.1


def test_the_calls_of_the_process_before_count() -> None:
    time = FakeTime()
    limit, before = Limit(time, 10, 50), Throttle(time.clock, time.sleep)
    made = []
    for _ in range(100):
        call(before, limit)
        made.append(time.now)
    time.now += 1.5
    throttle = Throttle(time.clock, time.sleep)
    call(throttle, limit)
    throttle.spent(PATH, [time.now - each for each in made])
    for _ in range(100):
        call(throttle, limit)
    assert limit.refused == 0


def test_calls_that_rest_has_made_good_cost_nothing() -> None:
    time = FakeTime()
    throttle = Throttle(time.clock, time.sleep)
    throttle.spent(PATH, [6.0] * 45)
    for _ in range(45):
        throttle.wait(PATH)
    assert sum(time.slept) == AT_ONCE


def test_a_bucket_is_never_emptier_than_empty() -> None:
    time = FakeTime()
    throttle = Throttle(time.clock, time.sleep)
    throttle.spent(PATH, [0.0] * 1000)
    throttle.wait(PATH)
    assert sum(time.slept) < 0.2
