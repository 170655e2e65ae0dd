"""Rotation of a credential in place: what a state carries for it, and when which step is due.

A due rotation is an ordinary update of the credential: check moves `made_on` to today and sets
`retiring_until`, so that a preview shows both dates. The update makes a new credential and keeps
the old one as `previous`; whatever uses the credential gets the new one in the same run. The first
check after the deadline empties `retiring_until`. The old one is not removed by the credential's
own update, which comes before the updates of whatever uses it, but by the deletion of a small
resource beside it (`Retiring`): Pulumi deletes last, and only when all else went well. A run that
ended before it heard of the old one is made up for by the next: that one holds it, the one after
ends it.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import Field

from palette_backup_provider.core.errors import InTheWay, NotFound
from palette_backup_provider.core.handler import ClientT, Created, Handler
from palette_backup_provider.core.model import Computed, Derived, Owned, Replaces
from palette_backup_provider.core.retry import tell
from palette_backup_provider.core.settings import Settings

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


class Retiring(Owned):
    """Stands for the credential that a rotation replaced: deleting it ends that credential."""

    credential_id: str = ""
    """The credential before the current one; empty before a rotation."""
    until: str = ""
    """Until when it goes on working; empty when that is over."""
    holds: Annotated[str, Derived(), Replaces()] = ""
    """The credential that goes with this resource."""
    holds_until: Annotated[str, Derived()] = ""


class Ending:
    """What this process has begun to end.

    The engine checks a replacement twice, and the second time without the inputs of the last run.
    """

    def __init__(self) -> None:
        self.ids: set[str] = set()

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls()


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


def facts(want: Any, before: Mapping[str, Any], now: datetime) -> Mapping[str, Callable[[], str]]:
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

    return {"made_on": made_on, "retiring_until": retiring_until}


def holding(
    want: Any, before: Mapping[str, Any], now: datetime, ending: set[str]
) -> tuple[str, str]:
    """What a Retiring holds, and until when, from the inputs of the last run and the clock."""
    id, until = want.credential_id, want.until
    if id and until:
        return id, until
    if id:
        if id not in (*ending, before.get("credential_id")):
            return id, ""  # first heard of after its time; whatever uses it may do so still
        ending.add(id)
        return "", ""
    # a credential that was made anew does not know of the one before it
    kept, told = str(before.get("holds", "")), before.get("holds_until")
    return (kept, str(told)) if told and now < datetime.fromisoformat(told) else ("", "")


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%MZ}"


CredentialT = TypeVar("CredentialT", bound=Credential)
RetiringT = TypeVar("RetiringT", bound=Retiring)


class CredentialHandler(Handler[ClientT, CredentialT]):
    """CRUD for a credential, in terms of two things the cloud can do: issue one and revoke one."""

    current: ClassVar[str]
    """The computed field that holds the credential's id; the resource's id is that of its first."""

    @abstractmethod
    def issue(self, want: CredentialT, known: set[str]) -> Mapping[str, Any]:
        """Make one more, and tell its computed fields. Those in `known` are in use: leave them."""

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

    def update(self, id: str, have: CredentialT, want: CredentialT) -> CredentialT:
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

    def may_update(self, id: str, have: CredentialT, want: CredentialT) -> None:
        asked = want.rotation is not None and want.rotation != have.rotation
        if asked and have.retiring_until:
            raise InTheWay(
                f"{want.logical} is not rotated: there are two credentials already, "
                f"{getattr(have, self.current) or id} and the one before it, {have.previous}, "
                f"which is kept until {have.retiring_until}. Nothing was changed. Set `rotation` "
                f"back to {have.rotation!r}, run `pulumi up` after that time, which removes the "
                f"old one, and then rotate."
            )


class RetiringHandler(Handler[ClientT, RetiringT]):
    """Makes nothing, changes nothing, and ends a retired credential when it goes itself."""

    @abstractmethod
    def revoke(self, have: RetiringT) -> None:
        """End the credential. Raise NotFound where it is gone already."""

    def from_before(
        self, want: RetiringT, before: Mapping[str, Any]
    ) -> Mapping[str, Callable[[], Any]]:
        def held() -> tuple[str, str]:
            return holding(want, before, self.clients.now(), self.clients(Ending).ids)

        return {"holds": lambda: held()[0], "holds_until": lambda: held()[1]}

    def create(self, want: RetiringT) -> Created[RetiringT]:
        return Created(want.holds or "none", want.born())

    def read(self, id: str, have: RetiringT) -> RetiringT:
        return have

    def update(self, id: str, have: RetiringT, want: RetiringT) -> RetiringT:
        return want

    def delete(self, id: str, have: RetiringT) -> None:
        if have.holds:
            if self.clients.failed:  # only `--continue-on-error` comes here
                raise InTheWay(
                    f"{have.holds} is kept: something else in this run failed and may "
                    f"still use it. The next `pulumi up` without an error removes it."
                )
            self.revoke(have)
            tell(f"{have.logical}: {have.holds}, which was rotated, is removed")
