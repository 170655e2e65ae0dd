"""The resource that stands for a replaced credential; its deletion ends that credential.

A credential declares it from its first rotation on. Once the deadline has passed, the resource is
replaced, and the engine deletes the replaced resource last of all. It stays in the program, as a
run that rotated may have ended before it came to this resource. Then the next run records the old
credential, whose time to go on working begins with that run.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import Field

from palette_backup_provider.core.errors import Blocked, NotFound, NotImportable
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.markers import CreateOnly, Derived, Replaces
from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.rotation.schedule import deadline, is_kept
from palette_backup_provider.core.run import ClientT

NOTED, NOTED_UNTIL, NOTED_AFTER = "__told", "__told_until", "__retire_after"
NONE = None, None
EMPTY = "no-old-credential"
"""The id of a RetiredCredential without a credential, for people to read."""


class RetiredCredential(Owned):
    """Stands for the credential that a rotation replaced: deleting it ends that credential.

    Besides:
        previous: The output `previous` of the credential that rotates. In Python that credential
            declares this resource by itself. In other languages a program does, and each location
            with the credential depends on it.
        retiring_until: The output `retiring_until` of that credential.
        retire_after: The argument `retire_after` of that credential. Default: 24.
    """

    wire_names: ClassVar[Mapping[str, str]] = {
        NOTED: "previous",
        NOTED_UNTIL: "retiringUntil",
        NOTED_AFTER: "retireAfter",
    }

    noted_id: str = Field(alias="__told", default="")
    """The credential before the current one, as engine/rotating.py notes it."""
    noted_until: str = Field(alias="__told_until", default="")
    retire_after: Annotated[int, CreateOnly()] = Field(alias="__retire_after", default=24)
    credential_id: Annotated[str | None, Derived(), Replaces()] = None
    """The credential that ends with this resource; None once it has ended."""
    until: Annotated[str | None, Derived()] = None
    """Until when the credential goes on working."""

    @classmethod
    def upgraded(cls, props: Mapping[str, Any]) -> Mapping[str, Any]:
        if "holds" not in props:
            return props
        recorded = {NOTED: props.get("credential_id", ""), NOTED_UNTIL: props.get("until", "")}
        held = {"credential_id": props["holds"] or None, "until": props.get("holds_until") or None}
        return {**props, **recorded, **held}


class Ending:
    """What this process has begun to end.

    The engine checks a replacement twice, and the second time without the inputs of the last run.
    """

    def __init__(self) -> None:
        self.ids: set[str] = set()


def kept_credential(
    want: RetiredCredential, before: Mapping[str, Any], now: datetime, ending: set[str]
) -> tuple[str | None, str | None]:
    """What the resource holds, and until when, from the inputs of the last run and the clock."""
    id = want.noted_id
    until: str | None = want.noted_until
    recorded = before.get(NOTED) == id
    if not id or id in ending or (recorded and not before.get("credential_id")):
        return NONE
    if recorded and until == before.get(NOTED_UNTIL):
        until = before.get("until")
    if is_kept(until, now):
        return id, until
    if not recorded:
        return id, deadline(want, now)
    ending.add(id)
    return NONE


RetiredT = TypeVar("RetiredT", bound=RetiredCredential)


class RetiredCredentialHandler(Handler[ClientT, RetiredT]):
    """Makes nothing, changes nothing, and ends a retired credential when it goes itself."""

    @abstractmethod
    def revoke(self, have: RetiredT, id: str) -> None:
        """End the credential. Raise NotFound where it is gone already."""

    def end_notice(self, id: str) -> str:
        """The notice, in a preview too, about the credential that the run ends."""
        return f"this run ends {id}, which a rotation replaced"

    def end_message(self, have: RetiredT) -> str:
        """The notice after its end."""
        return f"{have.credential_id}, which was rotated, is removed"

    def derive_from_last_run(
        self, want: RetiredT, before: Mapping[str, Any]
    ) -> Mapping[str, Callable[[], Any]]:
        before = self.state_type.upgraded(before)

        def held() -> tuple[str | None, str | None]:
            credential = kept_credential(want, before, self.run.now(), self.run.once(Ending).ids)
            if (old := before.get("credential_id")) and not credential[0]:
                self.run.announce_once(f"{want.logical}: {self.end_notice(old)}")
            return credential

        return {"credential_id": lambda: held()[0], "until": lambda: held()[1]}

    def create(self, want: RetiredT) -> Created[RetiredT]:
        return Created(want.credential_id or EMPTY, want.with_new_incarnation())

    def read(self, id: str, have: RetiredT) -> RetiredT:
        return have

    def locate(self, id: str) -> Created[RetiredT]:
        raise NotImportable(
            f"{id} cannot be imported: this type stands for what a rotation replaced. Declare the "
            f"credential that rotates. In Python it declares this one by itself; in other "
            f"languages declare this one beside it, without an import."
        )

    def update(self, id: str, have: RetiredT, want: RetiredT) -> RetiredT:
        return want

    def delete(self, id: str, have: RetiredT) -> None:
        if have.credential_id:
            if self.run.failed:  # only `--continue-on-error` comes here
                raise Blocked(
                    f"{have.credential_id} is kept: something else in this run failed and may "
                    f"still use it. Correct that: the next `pulumi up` without an error removes it."
                )
            with suppress(NotFound):
                self.revoke(have, have.credential_id)
            announce(f"{have.logical}: {self.end_message(have)}")
