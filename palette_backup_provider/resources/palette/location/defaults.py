"""A scope has one default location.

Two locations of a program that claim it are refused before either is created. A message says which
location of Palette loses the default.
"""

import threading
from collections.abc import Iterator, Mapping
from typing import Any

from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.ownership import PLAIN
from palette_backup_provider.resources.palette.location.answers import is_default, mark_of
from palette_backup_provider.resources.palette.location.state import BackupLocationState


class Defaults:
    """Which location of the running program is the default of a scope."""

    def __init__(self) -> None:
        self._owners: dict[str, str] = {}
        self._lock = threading.Lock()

    def refusals(self, want: BackupLocationState) -> Iterator[Invalid]:
        """Why `want` cannot be the default of its scope, if it would be."""
        if not want.is_default:
            return
        first = self._claimed_by(want.project_uid, want.owner)
        if first != want.owner:
            other = first.rpartition("/")[2].partition(":")[0]
            yield Invalid(
                "is_default",
                f"{other!r} is the default of the same scope already; there can be one",
            )

    def _claimed_by(self, scope: str, owner: str) -> str:
        """The first owner that claimed the scope; `owner` itself if there was none."""
        with self._lock:
            return self._owners.setdefault(scope, owner)


def displaced(
    listed: Mapping[str, Any], id: str | None, want: BackupLocationState, *, reclaims_in_use: bool
) -> Iterator[str]:
    """A message for each location that loses the default to `want`.

    `listed` has the locations of the scope by uid. `id` is the uid of `want`, or None before it is
    created. An interrupted run may have created it: that location loses nothing.
    """
    for uid, location in listed.items():
        mark = mark_of(location)
        if uid == id or not is_default(location):
            continue
        if id is None and PLAIN.reclaims(want, mark, in_use=reclaims_in_use):
            continue
        place = f"in place of {location['metadata']['name']} ({uid})."
        if mark and not PLAIN.same_state(want, mark):
            manager = PLAIN.name(PLAIN.parse(mark).owner)
            place += (
                f" {manager} manages that one and would see drift: take is_default=True out there."
            )
        yield f"{want.logical}: becomes the default of its scope {place}"


def replaced(have: BackupLocationState) -> str:
    """What follows if the default of a scope is replaced."""
    return (
        f"{have.logical}: the location {have.name} is the default of its scope and will be "
        f"replaced: what backs up to the default goes to the new location, or finds none "
        f"if that one is in another scope."
    )
