"""What can be wrong: each red and each yellow line, and how a test makes just that."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps

from palette_backup_provider.doctor.check import Verdict
from tests.unit.doctor.ward import Ward

Spoil = Callable[[Ward], object]


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, and the only line that tells it."""

    name: str
    id: str
    verdict: Verdict
    says: str
    """A part of what the line says."""
    spoil: Spoil


FAULTS: list[Fault] = []


def red(id: str, says: str) -> Callable[[Spoil], Spoil]:
    """Marks what makes that check red."""
    return _noted(id, Verdict.FAULT, says)


def yellow(id: str, says: str) -> Callable[[Spoil], Spoil]:
    """Marks what makes that check yellow."""
    return _noted(id, Verdict.WARNING, says)


def of_each(
    things: Iterable[str], mark: Callable[[Spoil], Spoil]
) -> Callable[[Callable[[Ward, str], object]], Callable[[Ward, str], object]]:
    """Marks what does the same to several things, one at a time."""

    def note(spoil: Callable[[Ward, str], object]) -> Callable[[Ward, str], object]:
        for thing in things:
            mark(_about(thing, spoil))
        return spoil

    return note


def _about(thing: str, spoil: Callable[[Ward, str], object]) -> Spoil:
    @wraps(spoil)
    def spoiled(ward: Ward) -> object:
        return spoil(ward, thing)

    return spoiled


def _noted(id: str, verdict: Verdict, says: str) -> Callable[[Spoil], Spoil]:
    def note(spoil: Spoil) -> Spoil:
        FAULTS.append(Fault(f"{id}: {spoil.__name__}", id, verdict, says, spoil))
        return spoil

    return note
