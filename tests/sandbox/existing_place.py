"""A place for backups of somebody else's: each cloud describes one in `existing_place.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from palette_backup_provider.sandbox.run import Sandbox

FOREIGN = "has folders that are not Velero's: photos/. Velero takes such a bucket for somebody els"
BY_AGE = "deletes objects by age. Parts of backups would go while Velero still lists them"


@dataclass(frozen=True)
class ExistingPlace:
    """A place for backups of somebody else's, on one cloud."""

    token: str
    program: str
    make: Callable[[Sandbox], Any]
    spoil: Callable[[Sandbox], Any]
    heal: Callable[[Sandbox], Any]
    refusals: list[str]
    shown: dict[str, Any]
    """What a preview tells of it besides its name."""
    made_here: str
    """A program that makes such a place, and what signs in to it if it can, for two locations."""
