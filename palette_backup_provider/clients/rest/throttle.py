"""Keeps below Palette's rate limit, so that a large stack gets no refusals.

Palette counts calls per source and path prefix: `/v1/users` and `/v1/clouds` may take 10 a second,
`/v1/spectroclusters` 50. How many may come at once is documented as 5 and as 50. We begin with the
generous reading and take the first 429 as proof of the strict one. Palette also remembers the calls
of the process before us, such as the `pulumi up` that this `pulumi destroy` follows: `spent` hears
of them.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from palette_backup_provider.core.stopping import pause

RATE = 9.99
"""Calls a second, a little below what Palette allows: clocks that are kept right run up to a 0.05 %
faster than others."""
RATES = {"/v1/spectroclusters": 49.95}
"""Prefixes with a rate of their own."""
BURST, STRICT = 49, 4
"""Calls at once on a prefix that has not refused any yet, and on one that has. Palette allows one
more: a network that delays the first call of many brings the others closer to it."""


@dataclass
class _Line:
    """The calls of one prefix, by the generic cell rate algorithm."""

    interval: float
    burst: int = BURST
    due: float = 0.0
    """When the next call would be due if all calls so far had been spaced evenly."""
    resume: float = 0.0
    """Before then no call is sent, due or not."""


class Throttle:
    """One token bucket per path prefix, shared by all threads of the process."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = pause,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._lines: dict[str, _Line] = {}

    def wait(self, path: str) -> None:
        """Sleep until a call to `path` may be sent."""
        with self._lock:
            line, now = self._line(path), self._clock()
            earliest = max(now, line.resume)
            line.due = max(line.due, earliest)
            start = max(line.due - (line.burst - 1) * line.interval, earliest)
            line.due += line.interval
        if start > now:
            self._sleep(start - now)

    def spent(self, path: str, ages: Iterable[float]) -> None:
        """Calls to `path`, ours or not, were made so many seconds ago."""
        with self._lock:
            line, now = self._line(path), self._clock()
            due = 0.0
            for age in sorted(ages, reverse=True):
                due = max(due, now - age) + line.interval
            # A bucket is never emptier than empty; our own calls are among them, so no sum.
            line.due = max(line.due, min(due, now + line.burst * line.interval))

    def back_off(self, path: str, seconds: float) -> None:
        """After a 429: make no call to `path` for so many seconds. By the strict reading no call is
        left to it, and calls come back meanwhile."""
        with self._lock:
            line, now = self._line(path), self._clock()
            empty = now + STRICT * line.interval
            # Other threads' refusals of the same moment must not add up.
            line.due = empty if line.burst > STRICT else max(line.due, empty)
            line.burst, line.resume = STRICT, max(line.resume, now + seconds)

    def _line(self, path: str) -> _Line:
        prefix = "/".join(path.split("/")[:3])
        return self._lines.setdefault(prefix, _Line(1 / RATES.get(prefix, RATE)))
