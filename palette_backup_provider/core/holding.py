"""What becomes of storage that holds backups when it is to be deleted or replaced.

Nothing, unless the program said beforehand which of the two it wants: the backups deleted as well
(`force_destroy`), or the storage kept, out of state (`replace_with_data`).
"""

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, TypeVar

from palette_backup_provider.core.capabilities import UsesExisting
from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.errors import Blocked, NotFound
from palette_backup_provider.core.handler import AnyHandler
from palette_backup_provider.core.markers import OnDelete
from palette_backup_provider.core.model import Storage
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.run import ClientT

HOW_TO_RETAIN = (
    "or set replace_with_data='retain' (keeps it, out of state), run `pulumi up`, then destroy or "
    "replace it"
)


class Retainable(Storage):
    """Storage that can be kept with what it holds."""

    if TYPE_CHECKING:
        name: str  # declared by each type, at its own place in the order and with its own rules
    replace_with_data: Annotated[Literal["refuse", "retain"], OnDelete()] = "refuse"

    @property
    def retains(self) -> bool:
        return self.replace_with_data == "retain"


class Holding(Retainable):
    """Storage that the backups themselves are in."""

    force_destroy: Annotated[bool, OnDelete()] = False


HoldingT = TypeVar("HoldingT", bound=Holding)


class HoldingHandler(UsesExisting[ClientT, HoldingT]):
    """Deletes what backups are in, if it holds none or they may go."""

    noun: ClassVar[str]
    """What it is, in words: "bucket"."""

    @abstractmethod
    def still_ours(self, id: str, have: HoldingT) -> bool:
        """Whether it bears our mark; raises NotFound if it is gone, NotOwned if it is another's."""

    @abstractmethod
    def content(self, have: HoldingT) -> str:
        """What it holds besides our own probes, in words; empty if nothing."""

    @abstractmethod
    def remove(self, id: str, have: HoldingT) -> None:
        """Delete it with what it holds: probes, and with `force_destroy` all else."""

    def validate(self, want: HoldingT) -> Iterator[Invalid]:
        if want.force_destroy and want.retains:
            yield Invalid(
                "replace_with_data", "'retain' and force_destroy exclude each other: leave one out"
            )

    def delete(self, id: str, have: HoldingT) -> None:
        if not self.still_ours(id, have):
            return
        if backups := self._kept(have):
            tell_kept(self, have, self.noun, backups)
        else:
            self.remove(id, have)

    def check_delete(self, id: str, have: HoldingT) -> None:
        with suppress(NotFound):
            if self.still_ours(id, have):
                self._kept(have)

    def check_replace(self, id: str, have: HoldingT) -> None:
        with suppress(NotFound):
            if self.still_ours(id, have) and (backups := self._kept(have)):
                tell_replaced(have, self.noun, backups)

    def _kept(self, have: HoldingT) -> str:
        """What it holds, if it is to be kept for that; raises if it is in the way."""
        if have.force_destroy or not (held := self.content(have)):
            return ""
        if have.retains:
            return held
        raise Blocked(in_the_way(self.noun, have.name, held))


def in_the_way(noun: str, name: str, held: str) -> str:
    """Why it is not deleted, and the ways out."""
    return (
        f"The {noun} {name} holds {held}, so it is not deleted. Empty it; or set "
        f"force_destroy=True (deletes all of it) or replace_with_data='retain' (keeps the {noun}, "
        f"out of state), run `pulumi up`, then destroy or replace it. If it left the program, put "
        f"it back first."
    )


def tell_kept(handler: AnyHandler, have: Retainable, noun: str, held: str) -> None:
    """A deletion leaves it where it is."""
    announce(
        f"{have.logical}: the {noun} {have.name} is kept, as it holds {held}. It is no longer in "
        f"this stack's state: empty and delete it by hand. {handler.use_existing(have, have.name)}"
    )


def tell_replaced(have: Retainable, noun: str, held: str) -> None:
    """A replacement will leave it where it is."""
    announce(
        f"{have.logical}: a new {noun} replaces {have.name}, which is kept, out of this stack's "
        f"state, as it holds {held}."
    )
