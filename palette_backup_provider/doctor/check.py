"""What a check is, and what it finds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from palette_backup_provider.doctor.case import Case


class Verdict(Enum):
    """How a check ended."""

    GOOD = "good"
    WARNING = "warning"
    FAULT = "fault"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Finding:
    """What a check found."""

    verdict: Verdict
    text: str
    fix: str = ""
    """What to do, without a full stop; empty for the fix of the check itself."""


def good(text: str) -> Finding:
    """Nothing is to be done."""
    return Finding(Verdict.GOOD, text)


def warning(text: str, fix: str = "") -> Finding:
    """A `pulumi up` works, and something is likely to surprise."""
    return Finding(Verdict.WARNING, text, fix)


def fault(text: str, fix: str = "") -> Finding:
    """A `pulumi up` fails, or backups do."""
    return Finding(Verdict.FAULT, text, fix)


def skipped(reason: str) -> Finding:
    """There was nothing to ask, or no way to."""
    return Finding(Verdict.SKIPPED, reason)


@dataclass(frozen=True)
class Check:
    """One question. Errors of ours that `ask` raises are faults."""

    id: str
    """`area.key`. It never changes: errors and links to docs/doctor.md name it."""
    asks: str
    """What it asks, as a sentence."""
    cause: str
    """Why it would not be good, as sentences."""
    fix: str
    """What to do then, without a full stop, unless a finding or an error says it better."""
    ask: Callable[..., Finding]
    """Takes the case, and with `each` also one of its things."""
    needs: tuple[str, ...] = ()
    """The ids of the checks that this check builds on."""
    each: "Callable[[Case], Sequence[object]] | None" = None
    """The things that are asked about one by one; `str` gives the name of a thing. A finding among
    them is told as it is."""

    @property
    def area(self) -> str:
        return self.id.partition(".")[0]

    @property
    def key(self) -> str:
        return self.id.partition(".")[2]


@dataclass(frozen=True)
class Outcome:
    """What one check found about one thing."""

    check: Check
    finding: Finding
    thing: str = ""
    """The name of the thing; empty for a check without `each`."""

    @property
    def verdict(self) -> Verdict:
        return self.finding.verdict

    @property
    def fix(self) -> str:
        """What to do; empty where nothing is."""
        return (self.finding.fix or self.check.fix) if self.is_bad else ""

    @property
    def is_bad(self) -> bool:
        """Whether something is to be done."""
        return self.verdict in (Verdict.FAULT, Verdict.WARNING)
