import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from palette_backup_provider.core.errors import ApiError, GaveUp
from palette_backup_provider.core.retry import Patience, tell
from palette_backup_provider.core.secrets import remember


@dataclass
class Clock:
    """Time that passes only by sleeping."""

    now: float = 1000.0
    naps: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds

    def patience(self, budget: float, setting: str = "") -> Patience:
        return Patience(budget, setting, clock=self, sleep=self.sleep)


class NotYet(Exception):
    pass


def not_yet(error: BaseException) -> bool:
    return isinstance(error, NotYet)


def valid_after(clock: Clock, seconds: float) -> Callable[[], str]:
    start = clock.now

    def attempt() -> str:
        if clock.now - start < seconds:
            raise NotYet("InvalidAccessKeyId")
        return "done"

    return attempt


@pytest.mark.parametrize("seconds", [5, 20, 119])
def test_a_wait_overshoots_by_a_fifth_and_a_second_at_most(seconds: float) -> None:
    clock = Clock()
    assert clock.patience(120).until(valid_after(clock, seconds), not_yet, "waiting") == "done"
    assert seconds <= clock.now - 1000 <= 1.2 * seconds + 1


def test_the_next_try_comes_after_a_share_of_the_time_waited() -> None:
    clock = Clock()
    clock.patience(120).until(valid_after(clock, 60), not_yet, "waiting")
    waited = 0.0
    for nap in clock.naps:
        assert nap == pytest.approx(max(0.3, 0.15 * waited))
        waited += nap


def test_the_budget_is_used_up_and_honoured() -> None:
    clock = Clock()
    with pytest.raises(GaveUp) as caught:
        clock.patience(30, "palette:wait").until(
            valid_after(clock, 999), not_yet, "key: waiting for AWS"
        )
    assert 30 <= clock.now - 1000 < 30.1
    tries = len(clock.naps) + 1
    assert str(caught.value) == (
        f"key: waiting for AWS: gave up after 30 s and {tries} tries. "
        "Last answer: InvalidAccessKeyId To wait longer, set palette:wait (seconds)."
    )


def test_without_a_setting_none_is_named() -> None:
    clock = Clock()
    with pytest.raises(GaveUp, match=r"Last answer: InvalidAccessKeyId$"):
        clock.patience(3).until(valid_after(clock, 999), not_yet, "waiting")


def test_giving_up_tells_no_secret() -> None:
    remember("correct-horse")
    clock = Clock()

    def attempt() -> None:
        raise NotYet("refused correct-horse")

    with pytest.raises(GaveUp) as caught:
        clock.patience(3).until(attempt, not_yet, "waiting")
    assert "correct-horse" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_without_a_budget_the_first_refusal_is_final() -> None:
    clock = Clock()
    with pytest.raises(NotYet):
        clock.patience(0).until(valid_after(clock, 1), not_yet, "waiting")
    assert clock.naps == []


def test_any_other_error_comes_as_it_is_and_at_once() -> None:
    clock = Clock()
    error = ApiError("denied", status=403)

    def attempt() -> None:
        raise error

    with pytest.raises(ApiError) as caught:
        clock.patience(120).until(attempt, not_yet, "waiting")
    assert caught.value is error
    assert clock.naps == []


def test_an_interrupt_ends_the_wait() -> None:
    clock = Clock()

    def attempt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        clock.patience(120).until(attempt, not_yet, "waiting")
    assert clock.naps == []


def test_progress_is_told_every_five_seconds_at_most(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    clock.patience(120).until(valid_after(clock, 100), not_yet, "key: waiting")
    lines = capsys.readouterr().out.splitlines()
    told = [int(re.fullmatch(r"key: waiting, (\d+) s of 120 s", line)[1]) for line in lines]  # type: ignore[index]
    assert len(told) > 5
    assert all(later - earlier >= 5 for earlier, later in zip([0, *told], told, strict=False))


def test_a_short_wait_tells_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    clock.patience(120).until(valid_after(clock, 4), not_yet, "key: waiting")
    assert capsys.readouterr().out == ""


def test_what_is_told_holds_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    remember("correct-horse")
    tell("using correct-horse")
    assert capsys.readouterr().out == "using [secret]\n"
