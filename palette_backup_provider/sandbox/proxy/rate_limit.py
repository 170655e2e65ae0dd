"""Palette's rate limit: a token bucket for every prefix of its paths and every caller."""

import threading
import time
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, Field

_GENEROUS = "/v1/spectroclusters"
_GENEROUS_FACTOR = 5
"""Palette documents 50 requests a second there, 10 elsewhere."""


class Limit(BaseModel):
    """The limit in force; the defaults are what Palette documents."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    enabled: bool = True
    """Whether calls are limited at all."""
    rate: float = Field(default=10, gt=0, allow_inf_nan=False)
    """Requests a second, for one prefix and one caller."""
    burst: int = Field(default=50, ge=1)
    """How many may come at once after a rest."""
    latency_ms: float = Field(default=0, ge=0, allow_inf_nan=False)
    """Milliseconds that every call takes at least."""


class RateLimit:
    """Says which calls are let through."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}
        self._limit = Limit()

    @property
    def limit(self) -> Limit:
        """The limit in force. Setting it fills every bucket."""
        return self._limit

    @limit.setter
    def limit(self, limit: Limit) -> None:
        with self._lock:
            self._limit = limit
            self._buckets.clear()

    def admits(self, path: str, caller: str) -> bool:
        """Whether the caller's bucket for the prefix has a token left; it is then taken."""
        if not self._limit.enabled:
            return True
        prefix = "/".join(path.split("/")[:3])
        factor = _GENEROUS_FACTOR if prefix == _GENEROUS else 1
        now = self._clock()
        with self._lock:
            burst = float(self._limit.burst)
            tokens, since = self._buckets.get((prefix, caller), (burst, now))
            tokens = min(burst, tokens + (now - since) * self._limit.rate * factor)
            admitted = tokens >= 1
            self._buckets[prefix, caller] = (tokens - admitted, now)
        return admitted
