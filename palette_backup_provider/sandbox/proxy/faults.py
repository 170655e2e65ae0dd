"""What goes wrong, and when: the plan that tests give to the proxies.

A plan is a list of faults. A fault waits for its call, strikes `times` times and is spent. Setting
a new plan (an empty one, as a rule) lets go of every answer that the old one holds back.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SILENCE = 30.0
"""Seconds that a silent service leaves its client waiting."""
KINDS = {
    "status": "an HTML page with a status, as of a gateway",
    "error": "an error of the service's own, which --error names",
    "reset": "the connection is reset",
    "silence": f"no answer for {SILENCE:.0f} s, then a reset",
    "truncate": "half of the answer's body, then the end",
    "mislabel": "the right answer as text/html",
    "garble": "JSON or XML as it should be, with nothing of the right content",
    "revoke": "the credential is refused as one that is not known",
    "stop": "the call is held until the plan is replaced, then goes on as if nothing had been, "
    "unless the client is gone by then",
}
"""What can go wrong with a call."""


class Fault(BaseModel):
    """One thing that goes wrong."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    fault: Literal[
        "status", "error", "reset", "silence", "truncate", "mislabel", "garble", "revoke", "stop"
    ]
    """One of `KINDS`."""
    service: str = "*"
    """Name of the service, as `palette-backup sandbox calls` shows it, or * for any."""
    call: str = "*"
    """Name of the call, as `palette-backup sandbox calls` shows it, or * for any."""
    status: int = Field(default=503, ge=200, le=599)
    """The HTTP status, for the fault status."""
    error: str | None = None
    """The error's code, for the fault error. It strikes the calls that can end in it."""
    retry_after: int | None = Field(default=None, ge=0)
    """Seconds that the header Retry-After asks for, for the fault status; else it is left out."""
    when: Literal["before", "after"] = "before"
    """Whether it strikes before the call takes effect or after. The faults truncate, mislabel and
    garble are always after, revoke always before."""
    times: int = Field(default=1, ge=1)
    """How many calls it strikes."""
    at: int = Field(default=1, ge=1)
    """The first call that it strikes, counted from the setting of the plan."""

    def matches(self, service: str, call: str) -> bool:
        """Whether this call is one of those the fault waits for."""
        return self.service in ("*", service) and self.call in ("*", call)


@dataclass
class _Planned:
    fault: Fault
    seen: int = 0

    @property
    def struck(self) -> int:
        return min(max(self.seen - self.fault.at + 1, 0), self.fault.times)

    def strikes(self) -> bool:
        self.seen += 1
        return self.fault.at <= self.seen < self.fault.at + self.fault.times


class Faults:
    """The plan in force."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plan: list[_Planned] = []
        self._replaced = threading.Event()
        self._held = 0

    def plan(self, faults: list[Fault]) -> None:
        """Replace the plan, and let go of what the old one holds."""
        with self._lock:
            self._plan = [_Planned(fault) for fault in faults]
            self._replaced.set()
            self._replaced = threading.Event()

    def in_force(self) -> list[tuple[Fault, int]]:
        """Each fault of the plan, and how many calls it has struck."""
        with self._lock:
            return [(planned.fault, planned.struck) for planned in self._plan]

    def strike(
        self, service: str, call: str, fits: Callable[[Fault], bool] = lambda _: True
    ) -> Fault | None:
        """The fault that strikes this call, if any. Each call that it fits counts once for it."""
        with self._lock:
            meant = [p for p in self._plan if p.fault.matches(service, call) and fits(p.fault)]
            struck = [planned for planned in meant if planned.strikes()]
        return struck[0].fault if struck else None

    def hold(self, seconds: float | None) -> None:
        """Wait until the plan is replaced, or so long."""
        with self._lock:
            replaced = self._replaced
            self._held += 1
        try:
            replaced.wait(seconds)
        finally:
            with self._lock:
                self._held -= 1

    @property
    def held(self) -> int:
        """How many answers are being held back right now."""
        return self._held
