"""What stands for a credential that a rotation replaced, until its deletion ends that one."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, Self, TypeVar

from palette_backup_provider.core.errors import InTheWay, NotFound
from palette_backup_provider.core.handler import ClientT, Created, Handler
from palette_backup_provider.core.model import Derived, Owned, Replaces
from palette_backup_provider.core.retry import tell
from palette_backup_provider.core.settings import Settings


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


RetiringT = TypeVar("RetiringT", bound=Retiring)


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
            with suppress(NotFound):
                self.revoke(have)
            tell(f"{have.logical}: {have.holds}, which was rotated, is removed")
