"""Registering a location once, whatever becomes of Palette's answers."""

from typing import Any

from palette_backup_provider.core.errors import ApiError, NotOurs
from palette_backup_provider.core.handler import HOW_TO_RECOVER
from palette_backup_provider.resources.palette.locations import (
    USE_ANOTHER,
    Locations,
    kind_of,
    mark,
    observed,
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
        if self._recovers:  # its name was made up before a rename, if the program does not give it
            found = {**found, **self._locations.listed()}
        for uid, item in found.items():
            if want.owns(mark(item)):
                if mark(item) != want.mark:
                    self._take_over(uid, item)
                return uid
        if named and not passing(refused):  # a project's list may show the tenant's: no clash yet
            uid, told = next(iter(named.items()))
            whose = f"It belongs to {told.partition(':')[0]}" if told else "It bears no mark"
            raise NotOurs(
                f"Palette has a location named {want.name} already ({uid}). {whose}, so it is not "
                f"touched. Give this one another name, or adopt it: adopt={uid!r}. {refused}"
            )
        return ""

    def _take_over(self, uid: str, item: Any) -> None:
        if self._recovers:
            self._demand_same_place(uid, item)
        else:
            fix = f"{USE_ANOTHER} {HOW_TO_RECOVER}"
            self._locations.refuse_if_used(uid, self._want.name, "taken over", fix)
        self._locations.put(uid, self._want)

    def _demand_same_place(self, uid: str, item: Any) -> None:
        """Backups are where the lost state had them, whatever the program makes today."""
        kind = kind_of(uid, item, self._want)
        there = observed(self._want, kind, self._locations.get(uid, kind))["storage"]
        want = self._want.storage
        if there.place() != want.place():
            raise NotOurs(
                f"The location {item['metadata']['name']} ({uid}), which this stack made, has its "
                f"backups in {there.where()}, and the program has {want.where()}. It is not moved: "
                f"clusters would find none of them. Names that are made up differ after a rename: "
                f"give the program those of then (location_name={item['metadata']['name']!r}, the "
                f"name of the storage as above, that of the user or account), and run `pulumi up` "
                f"again."
            )
