import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from palette_backup_provider.core import progress
from palette_backup_provider.core.errors import ApiError, WaitTimedOut
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.retry import MEANWHILE, Patience
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
    with pytest.raises(WaitTimedOut) as caught:
        clock.patience(30, "palette:wait").until(
            valid_after(clock, 999), not_yet, "key: waiting for somebody"
        )
    assert 30 <= clock.now - 1000 < 30.1
    tries = len(clock.naps) + 1
    assert str(caught.value) == (
        f"key: waiting for somebody: gave up after 30 s and {tries} tries. "
        "Last answer: InvalidAccessKeyId. To wait longer, set palette:wait (seconds)."
    )


def test_without_a_setting_none_is_named() -> None:
    clock = Clock()
    with pytest.raises(
        WaitTimedOut, match=r"InvalidAccessKeyId\. Run the same command again: [\w ]+\.$"
    ):
        clock.patience(3).until(valid_after(clock, 999), not_yet, "waiting")


def test_giving_up_tells_no_secret() -> None:
    remember("correct-horse")
    clock = Clock()

    def attempt() -> None:
        raise NotYet("refused correct-horse")

    with pytest.raises(WaitTimedOut) as caught:
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
    form = re.compile(r"key: waiting, (\d+) s of 120 s\. Last answer: InvalidAccessKeyId\.( .*)?")
    told = [int(form.fullmatch(line)[1]) for line in lines]  # type: ignore[index]
    assert len(told) > 5
    assert all(later - earlier >= 5 for earlier, later in zip([0, *told], told, strict=False))
    assert [line.endswith(f" {MEANWHILE}") for line in lines] == [True] + [False] * (len(told) - 1)


def test_quiet_turns_off_progress_and_no_announce(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_quiet", True)
    clock = Clock()
    clock.patience(120).until(valid_after(clock, 100), not_yet, "key: waiting")
    announce("a new key is there")
    assert capsys.readouterr().out == "a new key is there\n"


def test_progress_shows_nothing_that_stands_beside_a_secret(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = Clock()

    def attempt() -> None:
        if clock.now < 1060:
            raise NotYet("the key Mixed-Up-Secret is not known")

    replace(clock.patience(120), unsaid=("Mixed-Up-Secret",)).until(attempt, not_yet, "waiting")
    told = capsys.readouterr().out
    assert "Last answer: the key [" in told and "Mixed-Up" not in told


@pytest.mark.parametrize(("share", "ends"), [(0.25, 30), (0.5, 60)])
def test_an_answer_lasts_for_its_share_of_the_budget_from_when_it_first_came(
    share: float, ends: float
) -> None:
    clock = Clock()
    fresh, refused = NotYet("InvalidAccessKeyId"), NotYet("AccessDenied")

    def attempt() -> None:
        raise fresh if clock.now - 1000 < 20 else refused

    with pytest.raises(NotYet) as caught:
        clock.patience(120).until(attempt, lambda e: 1 if e is fresh else share, "waiting")
    assert caught.value is refused
    assert 20 + ends <= clock.now - 1000 <= 20 + ends + 15


def test_an_answer_of_no_share_ends_the_wait() -> None:
    clock = Clock()

    def attempt() -> None:
        raise NotYet("AccessDenied" if clock.now - 1000 > 5 else "InvalidAccessKeyId")

    with pytest.raises(NotYet, match="AccessDenied"):
        clock.patience(120).until(attempt, lambda e: "Denied" not in str(e), "waiting")
    assert clock.now - 1000 < 8


def test_a_short_wait_tells_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    clock.patience(120).until(valid_after(clock, 4), not_yet, "key: waiting")
    assert capsys.readouterr().out == ""


def test_what_is_told_holds_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    remember("correct-horse")
    announce("using correct-horse")
    assert capsys.readouterr().out == "using [secret]\n"
