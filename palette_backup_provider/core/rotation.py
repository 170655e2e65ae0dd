"""Rotation of a credential in place: what a state carries for it, and when which step is due.

A due rotation is an ordinary update of the credential: check moves `made_on` to today and sets
`retiring_until`, so that a preview shows both dates. The update makes a new credential and keeps
the old one as `previous`; whatever uses the credential gets the new one in the same run. The first
check after the deadline empties `retiring_until`. The old one is not removed by the credential's
own update, which comes before the updates of whatever uses it, but by the deletion of a small
resource beside it (core/retiring.py): Pulumi deletes last, and only when all else went well. A run
that ended before it heard of the old one is made up for by the next: that one holds it, the one
after ends it.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import Field

from palette_backup_provider.core.errors import InTheWay, NotFound
from palette_backup_provider.core.handler import ClientT, Created, Handler
from palette_backup_provider.core.model import Computed, Derived, Owned
from palette_backup_provider.core.retry import tell

WARN = timedelta(days=30)
"""How long before its end a credential is spoken of."""


class Credential(Owned):
    """A credential that can be rotated in place."""

    rotate_after: Annotated[int, Field(ge=1)] | None = None
    rotation: str | None = None
    retire_after: Annotated[int, Field(ge=0, le=8760)] = 24
    made_on: Annotated[str, Derived()] = ""
    """The day it was made or last rotated; the day rotate_after was first given, where state does
    not tell."""
    retiring_until: Annotated[str, Derived()] = ""
    """Until when the credential before this one goes on working; empty when it is gone."""
    present: Annotated[bool, Derived()] = True
    """False of one that is gone while the one before it is kept: it is made anew in place, as a
    new resource would not know of that one."""
    previous: Annotated[str, Computed()] = ""
    """The id of the credential before this one."""

    def rotates(self, have: "Credential") -> bool:
        """Whether the update from `have` makes a new credential."""
        return bool(self.retiring_until) and not have.retiring_until


class Expiring(Credential):
    """A credential that ends by itself."""

    expires: Annotated[str | None, Computed()] = None

    def warn(self, now: datetime) -> None:
        """Tell that the end is near, if it is and no rotation comes before it."""
        if not self.expires or self._rotates_before(datetime.fromisoformat(self.expires)):
            return
        if datetime.fromisoformat(self.expires) - now <= WARN:
            tell(
                f"{self.logical}: the credential ends on {self.expires}, and backups fail from "
                f"then on. Change `rotation`, or set `rotate_after`, and run `pulumi up`"
            )

    def _rotates_before(self, end: datetime) -> bool:
        if not (self.made_on and self.rotate_after):
            return False
        return self.rotate_after < (end.date() - date.fromisoformat(self.made_on)).days


def due(want: Any, before: Mapping[str, Any], now: datetime) -> bool:
    """Whether to rotate now. While an old one is kept a rotation by age waits for its end."""
    if not before or before.get("retiring_until"):
        return False
    if want.rotation is not None and want.rotation != before.get("rotation"):
        return True
    made = before.get("made_on")
    if not made or not want.rotate_after:
        return False
    return bool((now.date() - date.fromisoformat(made)).days >= int(want.rotate_after))


def facts(want: Any, before: Mapping[str, Any], now: datetime) -> Mapping[str, Callable[[], Any]]:
    """How check tells the derived fields, from the inputs of the last run and the clock.

    A state of before there was rotation stays without a date until it is asked to rotate by age.
    """
    today = now.date().isoformat()

    def made_on() -> str:
        if not before or due(want, before, now):
            return today
        return before.get("made_on") or (today if want.rotate_after else "")

    def retiring_until() -> str:
        if due(want, before, now):
            return _minute(now + timedelta(hours=int(want.retire_after)))
        told = str(before.get("retiring_until", ""))
        if not told or (want.rotate_after is None and want.rotation is None):
            return ""
        longer = int(want.retire_after) - int(before.get("retire_after", want.retire_after))
        until = datetime.fromisoformat(told) + timedelta(hours=longer)
        return _minute(until) if now < until else ""

    return {"made_on": made_on, "retiring_until": retiring_until, "present": lambda: True}


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%MZ}"


CredentialT = TypeVar("CredentialT", bound=Credential)


class CredentialHandler(Handler[ClientT, CredentialT]):
    """CRUD for a credential, in terms of two things the cloud can do: issue one and revoke one."""

    current: ClassVar[str]
    """The computed field that holds the credential's id; the resource's id is that of its first."""

    @abstractmethod
    def issue(self, want: CredentialT, known: set[str]) -> Mapping[str, Any]:
        """Make one more, and tell its computed fields. Those in `known` are in use: leave them."""

    @abstractmethod
    def look(self, id: str, have: CredentialT) -> CredentialT:
        """The current credential of `have` as it is now. Raise NotFound where it is gone."""

    @abstractmethod
    def revoke(self, have: CredentialT, id: str) -> None:
        """End one credential. Raise NotFound where it is gone already."""

    @abstractmethod
    def adjust(self, have: CredentialT, want: CredentialT) -> None:
        """Bring the current credential from `have` to `want`, as far as it can stay the same."""

    def from_before(
        self, want: CredentialT, before: Mapping[str, Any]
    ) -> Mapping[str, Callable[[], Any]]:
        return facts(want, before, self.clients.now())

    def create(self, want: CredentialT) -> Created[CredentialT]:
        want = want.born()
        made = self.issue(want, set())
        return Created(str(made[self.current]), want.model_copy(update=made))

    def read(self, id: str, have: CredentialT) -> CredentialT:
        try:
            return self.look(id, have).model_copy(update={"present": True})
        except NotFound:
            if not self._keeps(have):
                raise
            return have.model_copy(update={"present": False})

    def update(self, id: str, have: CredentialT, want: CredentialT) -> CredentialT:
        if not have.present:
            return want.model_copy(update=self.issue(want, {have.previous}))
        self.adjust(have, want)
        if not want.rotates(have):
            return want
        old = getattr(have, self.current) or id
        made = self.issue(want, {old, have.previous} - {""})
        until = f"until {want.retiring_until}; the first" if want.retire_after else "until the next"
        tell(
            f"{want.logical}: rotated to {made[self.current]}. {old} goes on working {until} "
            f"`pulumi up` {'after that ' if want.retire_after else ''}removes it"
        )
        return want.model_copy(update={**made, "previous": old})

    def delete(self, id: str, have: CredentialT) -> None:
        for one in {getattr(have, self.current) or id, have.previous} - {""}:
            with suppress(NotFound):
                self.revoke(have, one)

    def _keeps(self, have: CredentialT) -> bool:
        """Whether the credential before the current one is there, and kept."""
        if not (have.retiring_until and have.previous):
            return False
        with suppress(NotFound):
            self.look(have.previous, have.model_copy(update={self.current: have.previous}))
            return True
        return False

    def may_update(self, id: str, have: CredentialT, want: CredentialT) -> None:
        asked = want.rotation is not None and want.rotation != have.rotation
        if asked and have.retiring_until and have.present:
            raise InTheWay(
                f"{want.logical} is not rotated: there are two credentials already, "
                f"{getattr(have, self.current) or id} and the one before it, {have.previous}, "
                f"which is kept until {have.retiring_until}. Nothing was changed. Set `rotation` "
                f"back to what it was, run `pulumi up` after that time, or at once with "
                f"retire_after=0, which removes the old one, and then rotate. If this state was "
                f"restored from a backup, run `pulumi up --refresh` first."
            )
