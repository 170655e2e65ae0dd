"""Registering a location once, whatever becomes of Palette's answers."""

from typing import Any

from palette_backup_provider.core.errors import ApiError, NotOurs
from palette_backup_provider.core.handler import HOW_TO_RECOVER
from palette_backup_provider.resources.palette.locations import (
    USE_ANOTHER,
    Locations,
    mark,
    passing,
)

LOST = "a stack whose state was lost may have registered the location already"


class Registration:
    """One location on its way into Palette.

    While the outcome of a post is open, it is looked for before it is posted again.
    """

    def __init__(self, locations: Locations, want: Any, *, recovers: bool) -> None:
        self._locations, self._want, self._recovers = locations, want, recovers
        self._refused = ApiError(LOST, status=0) if recovers else None

    def uid(self) -> str:
        """One attempt; what it raises says whether another may help."""
        if not self._refused:
            try:
                return self._locations.post(self._want)
            except ApiError as error:
                if not error.unclear and error.status not in (400, 409, 422):
                    raise
                self._refused = error
        if uid := self._there(self._refused):
            return uid
        absent, self._refused = self._refused, None
        raise absent

    def _there(self, refused: ApiError) -> str:
        """The uid of the location that an earlier POST of ours made; empty if there is none."""
        want, found = self._want, self._locations.named(self._want.name)
        named = {uid: mark(item) for uid, item in found.items()}
        for uid, told in named.items():
            if want.owns(told):
                if told != want.mark:
                    self._take_over(uid)
                return uid
        if named and not passing(refused):  # a project's list may show the tenant's: no clash yet
            uid, told = next(iter(named.items()))
            whose = f"It belongs to {told.partition(':')[0]}" if told else "It bears no mark"
            raise NotOurs(
                f"Palette has a location named {want.name} already ({uid}). {whose}, so it is not "
                f"touched. Give this one another name, or adopt it: adopt={uid!r}. {refused}"
            )
        return ""

    def _take_over(self, uid: str) -> None:
        if not self._recovers:
            fix = f"{USE_ANOTHER} {HOW_TO_RECOVER}"
            self._locations.refuse_if_used(uid, self._want.name, "taken over", fix)
        self._locations.put(uid, self._want)
