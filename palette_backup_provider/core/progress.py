"""What people read on the terminal while a run goes on: notices, and how steps get on."""

import time
from collections.abc import Callable
from functools import partial

from palette_backup_provider.core.secrets import printable

EVERY = 5.0
"""Seconds between two lines about one step, and before the first."""
_quiet = False
_show: Callable[[str], object] = partial(print, flush=True)


def quieten(quiet: bool) -> None:
    """Whether this process shows no progress. It shows notices all the same."""
    global _quiet
    _quiet = quiet


def show_with(show: Callable[[str], object]) -> None:
    """Have `show` take each line in the place of standard output."""
    global _show
    _show = show


def announce(message: str) -> None:
    """A line that stays worth reading after the run; never a secret, and always one line."""
    _show(printable(message))


class Progress:
    """One step that may take long. A step that is over at once tells nothing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()
        self.told = False
        """Whether a line was due already."""

    def tell(self, message: str) -> None:
        """A line about the step, if one is due."""
        if self._clock() - self._last >= EVERY:
            self._last, self.told = self._clock(), True
            if not _quiet:
                announce(message)
