"""Waiting for what a remote API does not know yet; tests bring their own clock and sleep."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from palette_backup_provider.core.errors import WaitTimedOut, sentence
from palette_backup_provider.core.progress import Progress
from palette_backup_provider.core.secrets import cleared
from palette_backup_provider.core.stopping import pause

T = TypeVar("T")

SHORTEST = 0.3
SHARE = 0.15
"""The next try comes after this share of the time waited so far: a wait overshoots by no more."""
AGAIN = "Run the same command again: it goes on from here."
MEANWHILE = "Ctrl-C is safe: the same command goes on from here."
"""What ends the first line of a wait. A run that was killed at any call is healed by the next."""


@dataclass(frozen=True)
class Patience:
    """How long to try again, and which setting says so."""

    budget: float
    """Seconds; with 0 the first refusal is final."""
    setting: str = ""
    """The setting behind the budget, named in the error when it runs out."""
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = pause
    unsaid: tuple[str, ...] = ()
    """What no line of progress shows, as it may be a secret by mistake."""

    def until(
        self, attempt: Callable[[], T], transient: Callable[[BaseException], float], doing: str
    ) -> T:
        """`attempt`, again while its error is `transient`. `doing` says what is waited for.

        `transient` gives the share of the budget for which such an error may last, counted from the
        first error of that share. 0 or False: the error does not pass by itself. 1 or True: it may
        take all of the budget.

        Raises WaitTimedOut when the budget runs out. Any other error is raised as it comes, and so
        is an error that lasted longer than its share.
        """
        wait, tries = Wait(self, doing), 0
        first: dict[float, float] = {}
        while True:
            tries += 1
            try:
                return attempt()
            except BaseException as error:
                share = float(transient(error))
                since = first.setdefault(share, wait.waited)
                lasts = share >= 1 or wait.waited - since < share * self.budget
                if share <= 0 or not lasts or self.budget == 0:
                    raise
                last = error
            if wait.over:
                longer = f"To wait longer, set {self.setting} (seconds)."
                raise WaitTimedOut(
                    f"{doing}: gave up after {wait.waited:.0f} s and {tries} tries. "
                    f"Last answer: {sentence(str(last))} {longer if self.setting else AGAIN}",
                    last,
                )
            wait.pause(wait.pace, cleared(str(last), *self.unsaid))


class Wait:
    """A wait under way."""

    def __init__(self, patience: Patience, doing: str) -> None:
        self._patience, self._doing = patience, doing
        self._started = patience.clock()
        self._progress = Progress(patience.clock)

    @property
    def waited(self) -> float:
        """Seconds so far."""
        return self._patience.clock() - self._started

    @property
    def over(self) -> bool:
        """Whether the budget is used up."""
        return self.waited >= self._patience.budget

    @property
    def pace(self) -> float:
        """Seconds until the next try; the last try is at the end of the budget."""
        left = max(self._patience.budget - self.waited, 0.01)
        return min(max(SHORTEST, SHARE * self.waited), left)

    def pause(self, seconds: float, last: str = "") -> None:
        """Sleep, after a line of progress if one is due; `last` is the answer waited on."""
        far = f"{self._doing}, {self.waited:.0f} s of {self._patience.budget:.0f} s"
        answer = f"Last answer: {last}" if last else ""
        meanwhile = "" if self._progress.told else MEANWHILE
        self._progress.tell(" ".join(map(sentence, filter(None, (far, answer, meanwhile)))))
        self._patience.sleep(seconds)
