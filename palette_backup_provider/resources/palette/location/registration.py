"""Registering a location once, whatever becomes of Palette's answers."""

from collections.abc import Iterator, Mapping
from typing import Any

from palette_backup_provider.core.errors import ApiError, NotOwned, sentence
from palette_backup_provider.core.ownership import HOW_TO_RECOVER, PLAIN
from palette_backup_provider.resources.palette.location.answers import (
    fields_of,
    is_unclear,
    kind_of,
    mark_of,
)
from palette_backup_provider.resources.palette.location.calls import USE_ANOTHER, Locations
from palette_backup_provider.resources.palette.location.state import BackupLocationState

LOST = "A stack whose state was lost may have registered the location already. Run it again."


def foreseen(
    listed: Mapping[str, Any], want: BackupLocationState, *, reclaims_in_use: bool
) -> Iterator[str]:
    """Messages of a preview about the locations that exist already, `listed` by uid.

    They are no errors: a project's list may show the tenant's locations, and only Palette knows
    whether a name is taken.
    """
    for uid, location in listed.items():
        mark, name = mark_of(location), location["metadata"]["name"]
        if PLAIN.same_resource(want, mark):
            if reclaims_in_use and not PLAIN.same_state(want, mark):
                yield (
                    f"{want.logical}: state was lost; the location {name} ({uid}) is there, and is "
                    f"reclaimed"
                )
        elif name == want.name:
            whose = f"It belongs to {PLAIN.holder(want, mark)}." if mark else "It bears no mark."
            adopt = _adoption(uid, location, want)
            yield (
                f"{want.logical}: Palette has a location named {name} already ({uid}). {whose} In "
                f"the same scope Palette refuses a second one: give this one another name{adopt}"
            )


def _adoption(uid: str, listed: Any, want: BackupLocationState) -> str:
    """The way out that a location of another kind of storage does not have."""
    same = want.storage and kind_of(uid, listed, want) == want.storage.kind
    return f", or adopt it: adopt={uid!r}" if same else ""


class Registration:
    """Registers one location.

    If the outcome of a POST is unclear, the location is looked up before the next POST.
    """

    def __init__(
        self,
        locations: Locations,
        want: BackupLocationState,
        *,
        reclaims_in_use: bool,
        name_argument: str,
    ) -> None:
        """`name_argument` is what the program calls the location's name."""
        self._name_argument = name_argument
        self._locations, self._want, self._reclaims_in_use = locations, want, reclaims_in_use
        self._refused = ApiError(LOST, status=0) if reclaims_in_use else None

    def uid(self) -> str:
        """Make one attempt. The error tells whether another attempt may help."""
        if not self._refused:
            try:
                return self._locations.post(self._want)
            except ApiError as error:
                if not error.unclear and error.status not in (400, 409, 422):
                    raise
                self._refused = error
        if uid := self._uid_of_ours(self._refused):
            return uid
        refused, self._refused = self._refused, None
        raise refused

    def _uid_of_ours(self, refused: ApiError) -> str:
        """The uid of the location that an earlier POST of ours created, or ""."""
        want, candidates = self._want, self._locations.named(self._want.name)
        marks = {uid: mark_of(location) for uid, location in candidates.items()}
        if self._reclaims_in_use:
            # a generated name differs if the project, stack or resource was renamed since
            candidates = {**candidates, **self._locations.listed()}
        for uid, location in candidates.items():
            mark = mark_of(location)
            if PLAIN.reclaims(want, mark, in_use=self._reclaims_in_use):
                if mark != want.mark:
                    self._reclaim(uid, location)
                return uid
        # a project's list may show the tenant's locations, whose names do not clash
        if marks and not is_unclear(refused):
            uid, mark = next(iter(marks.items()))
            holder = PLAIN.holder(want, mark)
            whose = f"It belongs to {holder}" if mark else "It bears no mark"
            adopt = _adoption(uid, candidates[uid], want)
            raise NotOwned(
                f"Palette has a location named {want.name} already ({uid}). {whose}, so it is not "
                f"touched. {sentence(str(refused))} Give this one another name{adopt}."
            )
        return ""

    def _reclaim(self, uid: str, location: Any) -> None:
        if self._reclaims_in_use:
            self._demand_same_storage(uid, location)
        else:
            fix = f"{USE_ANOTHER} {HOW_TO_RECOVER}"
            self._locations.refuse_if_used(uid, self._want.name, "reclaimed", fix)
        self._locations.put(uid, self._want)

    def _demand_same_storage(self, uid: str, location: Any) -> None:
        """The backups are where the lost state had them, so the location must not move."""
        kind = kind_of(uid, location, self._want)
        have = fields_of(self._locations.get(uid, kind), kind, self._want)["storage"]
        want, name = self._want.storage, location["metadata"]["name"]
        if have.location_key() != want.location_key():
            raise NotOwned(
                f"The location {name} ({uid}), which this stack made, has its backups in "
                f"{have.describe()}, and the program has {want.describe()}. The location is not "
                f"moved: clusters would find none of the backups. Generated names differ after a "
                f"rename. Give the program the old names ({self._name_argument}={name!r}, the name "
                f"of the storage as above, the name of the user or account), and run `pulumi up` "
                f"again."
            )
