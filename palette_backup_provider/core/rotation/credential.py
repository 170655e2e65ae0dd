"""A credential that is rotated in place."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import date, datetime, timedelta
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import Field

from palette_backup_provider.core.errors import Blocked, NotFound, NotImportable
from palette_backup_provider.core.handler import Created, Handler, finishing
from palette_backup_provider.core.markers import Computed, Derived
from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.ownership import UNFINISHED
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.rotation.schedule import (
    ROTATIONS,
    derive_dates,
    is_kept,
    rotations,
)
from palette_backup_provider.core.run import ClientT

WARN = timedelta(days=30)
"""How long before its end a credential is spoken of."""


class Credential(Owned):
    """A credential that can be rotated in place."""

    rotate_after: Annotated[int, Field(ge=1)] | None = None
    rotation: str | None = None
    retire_after: Annotated[int, Field(ge=0, le=8760)] = 24
    made_on: Annotated[str, Derived()] = ""
    """The day on which the credential was made or last rotated. Where state does not tell, the day
    on which `rotate_after` was first given."""
    retiring_until: Annotated[str, Derived()] = ""
    """Until when the previous credential goes on working; empty before a rotation."""
    rotations: Annotated[int, Derived()] = Field(alias="__rotations", default=0)
    """How often it was rotated; of a state by earlier code, whether one retires."""
    gone: Annotated[bool | None, Derived()] = None
    """True if the credential is gone while the previous credential is kept. It is made again in
    place: a replacement would not know of the previous credential."""
    previous: Annotated[str, Computed()] = ""
    """The id of the previous credential."""

    @classmethod
    def upgraded(cls, props: Mapping[str, Any]) -> Mapping[str, Any]:
        gone = {"gone": True} if props.get("present") is False else {}
        return {ROTATIONS: rotations(props), **gone, **props}

    def rotates(self, have: "Credential") -> bool:
        """Whether the update from `have` makes a new credential."""
        return self.rotations != have.rotations

    def warn(self, now: datetime) -> None:
        """Say that the end of the credential is near. A credential without an end says nothing."""


class Expiring(Credential):
    """A credential that ends by itself."""

    expires: Annotated[str | None, Computed()] = None
    """The time at which the credential ends by itself; None if it does not."""

    def warn(self, now: datetime) -> None:
        """Tell that the end is near, if it is and no rotation comes before it."""
        if not self.expires or self.rotates_before(datetime.fromisoformat(self.expires)):
            return
        if datetime.fromisoformat(self.expires) - now <= WARN:
            announce(
                f"{self.logical}: the credential ends on {self.expires}, and backups fail from "
                f"then on. Change `rotation`, or set `rotate_after`, and run `pulumi up`"
            )

    def rotates_before(self, end: datetime) -> bool:
        """Whether a rotation by age comes before that."""
        if not (self.made_on and self.rotate_after):
            return False
        return self.rotate_after < (end.date() - date.fromisoformat(self.made_on)).days


def strays(whose: str, described: str, *, told: bool = True) -> str:
    """What is said of credentials of an identity made here that no state knows. Where the engine
    has not `told` what state has, they may be about to be replaced."""
    lost = (
        "They work, and no rotation ends them. A state that was lost may have had them, and "
        "clusters may still use them; or an interrupted run made them, or somebody else. Delete "
        "those that nothing uses."
    )
    if told:
        return f"{whose} has credentials that this stack's state does not know: {described}. {lost}"
    return (
        f"{whose} has credentials already: {described}. If this run replaces them (`--replace`, a "
        f"taint), it ends them last, and nothing is to be done. If not, this stack's state does "
        f"not know them. {lost}"
    )


class InUse:
    """The credentials that this process has met in state, those about to be replaced too."""

    def __init__(self) -> None:
        self.ids: dict[str, set[str]] = {}
        """Their ids, by the owner of the resource."""


CredentialT = TypeVar("CredentialT", bound=Credential)


class CredentialHandler(Handler[ClientT, CredentialT]):
    """CRUD for a credential, in terms of two things the cloud can do: issue one and revoke one."""

    current: ClassVar[str]
    """The computed field that holds the id of the current credential. The resource's own id is that
    of its first credential."""

    @abstractmethod
    def issue(self, want: CredentialT, known: set[str]) -> Mapping[str, Any]:
        """Make one more, and tell its computed fields. Those in `known` are in use: leave them.

        None is known where state has none, and where a user has one replaced (`--replace`, a
        taint): the engine tells nothing of it then. So what was handed over may be in use, too."""

    @abstractmethod
    def read_current(self, id: str, have: CredentialT) -> CredentialT:
        """The current credential of `have` as it is now. Raise NotFound where it is gone."""

    @abstractmethod
    def revoke(self, have: CredentialT, id: str) -> None:
        """End one credential. Raise NotFound where it is gone already."""

    @abstractmethod
    def update_current(self, have: CredentialT, want: CredentialT) -> None:
        """Update the current credential from `have` to `want`, as far as it can stay the same."""

    def handing_over(
        self, want: CredentialT, credential: Mapping[str, Any]
    ) -> AbstractContextManager[None]:
        """What `issue` does once the credential is there. Until that is done, a later run takes
        the credential for one that nobody has, deletes it and makes another."""
        return finishing(str(credential[self.current]), want.model_copy(update=credential))

    def prepare(self, id: str, have: CredentialT, want: CredentialT) -> None:
        if not want.rotates(have):
            have.warn(self.run.now())
        self.run.once(InUse).ids[want.owner] = {self._current(id, have), have.previous} - {""}

    def known_in_use(self, known: set[str]) -> set[str]:
        """`known`, and what else this process has met in state."""
        return known.union(*self.run.once(InUse).ids.values())

    def derive_from_last_run(
        self, want: CredentialT, before: Mapping[str, Any]
    ) -> Mapping[str, Callable[[], Any]]:
        return derive_dates(want, before, self.run.now())

    def create(self, want: CredentialT) -> Created[CredentialT]:
        want = want.with_new_incarnation()
        credential = self.issue(want, self.run.once(InUse).ids.get(want.owner, set()))
        return Created(str(credential[self.current]), want.model_copy(update=credential))

    def read(self, id: str, have: CredentialT) -> CredentialT:
        try:
            return self.read_current(id, have).model_copy(update={"gone": None})
        except NotFound:
            if not (is_kept(have.retiring_until, self.run.now()) and self._lives(id, have)):
                raise
            return have.model_copy(update={"gone": True})

    def locate(self, id: str) -> Created[CredentialT]:
        raise NotImportable(
            f"{id} cannot be imported: what is secret of a credential is shown once, when it is "
            f"made, so nothing could use it. Declare a new one, give it to whatever uses {id}, and "
            f"then delete {id}."
        )

    def update(self, id: str, have: CredentialT, want: CredentialT) -> CredentialT:
        if have.gone or have.held_by == UNFINISHED:
            return want.model_copy(update=self.issue(want, {have.previous}))
        self.update_current(have, want)
        if not want.rotates(have):
            return want
        old = self._current(id, have)
        credential = self.issue(want, {old, have.previous} - {""})
        until = f"until {want.retiring_until}; the first" if want.retire_after else "until the next"
        announce(
            f"{want.logical}: rotated to {credential[self.current]}. {old} goes on working {until} "
            f"`pulumi up` {'after that ' if want.retire_after else ''}removes it"
        )
        return want.model_copy(update={**credential, "previous": old})

    def delete(self, id: str, have: CredentialT) -> None:
        for credential_id in {self._current(id, have), have.previous} - {""}:
            with suppress(NotFound):
                self.revoke(have, credential_id)

    def known_after_update(
        self, id: str, have: CredentialT, want: CredentialT
    ) -> Mapping[str, Any]:
        if have.gone:
            return {"previous": have.previous}
        if want.rotates(have):
            return {"previous": self._current(id, have)}
        return super().known_after_update(id, have, want)

    def without_deferred(self, id: str, have: CredentialT, want: CredentialT) -> CredentialT:
        """A run ends the previous credential last, so a rotation waits for the run after it."""
        if not (want.rotates(have) and have.retiring_until and self._lives(id, have)):
            return want
        self.run.announce_once(
            f"{want.logical}: this run ends {have.previous}, and the next one rotates"
        )
        stays = ("made_on", "rotation", "retiring_until", "rotations")
        return want.model_copy(update={field: getattr(have, field) for field in stays})

    def _current(self, id: str, have: CredentialT) -> str:
        """The id of the current credential."""
        return getattr(have, self.current) or id

    def _lives(self, id: str, have: CredentialT) -> bool:
        """Whether the credential before the current one is there."""
        now, before = self._current(id, have), have.previous
        with suppress(NotFound):
            if before:
                self.read_current(
                    before, have.model_copy(update={self.current: before, "previous": now})
                )
                return True
        return False

    def check_update(self, id: str, have: CredentialT, want: CredentialT) -> None:
        if want.rotates(have):  # in a preview one secret looks like any other
            self.run.announce_once(
                f"{want.logical}: a new credential is made, and whatever uses "
                f"{self._current(id, have)} gets it"
            )
        new_rotation = want.rotation is not None and want.rotation != have.rotation
        if new_rotation and not (want.rotates(have) or have.gone):
            raise Blocked(
                f"{want.logical} is not rotated: there are two credentials already, "
                f"{self._current(id, have)} and the previous credential, {have.previous}, "
                f"which is kept until {have.retiring_until}. Nothing was changed. Set `rotation` "
                f"back to what it was and run `pulumi up` after that time, or at once with "
                f"retire_after=0 besides: it removes the old one. Then rotate. If this state was "
                f"restored from a backup, run `pulumi up --refresh` first."
            )
