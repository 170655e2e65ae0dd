"""What all proxies of a sandbox share: set by the control routes, obeyed by every service."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from palette_backup_provider.sandbox.proxy.faults import Faults
from palette_backup_provider.sandbox.proxy.known_error import KnownError
from palette_backup_provider.sandbox.proxy.rate_limit import Limit, RateLimit


class Delay(BaseModel):
    """How long a fresh credential stays unknown."""

    model_config = ConfigDict(extra="forbid")

    seconds: float = Field(ge=0, allow_inf_nan=False)


class Conditions:
    """Counts, faults, limit and delay of one sandbox."""

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.faults = Faults()
        self.limit = RateLimit(clock)
        self.delay = 0.0
        """Seconds that a fresh credential stays unknown."""
        self.clock = clock
        self.sleep = sleep
        self._lock = threading.Lock()
        self.errors: dict[str, Mapping[str, KnownError]] = {}
        """By service and code."""
        self._calls: dict[str, Counter[str]] = {}
        self._rejected = 0

    @property
    def services(self) -> list[str]:
        """The names of the services of this sandbox."""
        return list(self._calls)

    def knows(self, service: str, errors: Mapping[str, KnownError]) -> None:
        """Make a service known by name, with the errors that it can be told to answer with."""
        self._calls[service] = Counter()
        self.errors[service] = errors

    def count(self, service: str, call: str) -> None:
        """A call was let through."""
        with self._lock:
            self._calls[service][call] += 1

    def reject(self) -> None:
        """A call was over the limit."""
        with self._lock:
            self._rejected += 1

    def report(self) -> dict[str, Any]:
        """Calls let through by service, calls over the limit, answers held back right now."""
        with self._lock:
            calls = {service: dict(counter) for service, counter in self._calls.items()}
            return {**calls, "rejected": self._rejected, "held": self.faults.held}

    def reset(self) -> None:
        """No faults, no delay, Palette's documented limit, nothing counted."""
        self.faults.plan([])
        self.limit.limit = Limit()
        self.delay = 0.0
        with self._lock:
            self._rejected = 0
            for counter in self._calls.values():
                counter.clear()
