"""Waiting for what a remote API does not know yet; tests bring their own clock and sleep."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from palette_backup_provider.core.errors import GaveUp
from palette_backup_provider.core.secrets import cleared

T = TypeVar("T")

SHORTEST = 0.3
SHARE = 0.15
"""The next try comes after this share of the time waited so far: a wait overshoots by no more."""
TELL_EVERY = 5.0


def tell(message: str) -> None:
    """A line of progress on the terminal of `pulumi up`; never a secret."""
    print(cleared(message), flush=True)


@dataclass(frozen=True)
class Patience:
    """How long to try again, and which setting says so."""

    budget: float
    """Seconds; with 0 the first refusal is final."""
    setting: str = ""
    """The setting behind the budget, named in the error when it runs out."""
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def until(
        self, attempt: Callable[[], T], transient: Callable[[BaseException], bool], doing: str
    ) -> T:
        """`attempt`, again while its error is `transient`. `doing` says what is waited for.

        Raises GaveUp when the budget runs out, and any other error as it comes.
        """
        # Programs import this module and never wait; tenacity brings asyncio variants along.
        from tenacity import RetryCallState, Retrying, retry_if_exception

        started = self.clock()
        told = started

        def waited() -> float:
            return self.clock() - started

        def pause(_: RetryCallState) -> float:
            return min(max(SHORTEST, SHARE * waited()), max(self.budget - waited(), 0.01))

        def report(_: RetryCallState) -> None:
            nonlocal told
            if self.clock() - told >= TELL_EVERY:
                told = self.clock()
                tell(f"{doing}, {waited():.0f} s of {self.budget:.0f} s")

        def exhausted(state: RetryCallState) -> T:
            last = state.outcome.exception() if state.outcome else None
            if self.budget == 0 and last:
                raise last
            hint = f" To wait longer, set {self.setting} (seconds)." if self.setting else ""
            raise GaveUp(
                f"{doing}: gave up after {waited():.0f} s and {state.attempt_number} tries. "
                f"Last answer: {last}{hint}"
            ) from None

        return Retrying(
            retry=retry_if_exception(transient),
            stop=lambda _: waited() >= self.budget,
            wait=pause,
            sleep=self.sleep,
            before_sleep=report,
            retry_error_callback=exhausted,
        )(attempt)
