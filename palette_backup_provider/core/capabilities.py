"""What some resource types can do beyond create, read, update and delete."""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, TypeVar

from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.handler import AnyHandler, Handler, StateT
from palette_backup_provider.core.model import Model, Prerequisite, is_existing
from palette_backup_provider.core.run import ClientT

PrerequisiteT = TypeVar("PrerequisiteT", bound=Prerequisite)


class UsesExisting(Handler[ClientT, PrerequisiteT]):
    """A type of which a program can use an existing object: it is read, never changed or deleted.

    Its State has the field `existing`.
    """

    palette_identity: ClassVar[str | None] = None
    """Set on types that Palette signs in as: the property that identifies such an object. A
    resource that created this identity must not later use it as existing."""

    @abstractmethod
    def find_existing(self, want: PrerequisiteT) -> str:
        """The id of the existing object. Raise NotFound where it is absent; change nothing.

        Called in check already, so that a preview tells.
        """

    def observed(self, want: PrerequisiteT) -> Mapping[str, Callable[[], Any]]:
        """How to find out the fields of the existing object that the program leaves out. Called
        instead of `derive`, in the same way. A field that is not marked Derived keeps the value of
        the first run."""
        return {}

    def check_existing(self, want: PrerequisiteT) -> Iterator[Invalid]:
        """Why an object that is used for the first time cannot serve, or would do harm."""
        return iter(())


class Adopts(Handler[ClientT, StateT]):
    """A type of which a program can take an existing object under management.

    Its State has the field `adopt`.
    """

    chosen_by_owner: ClassVar[frozenset[str]] = frozenset()
    """Paths of properties that are not validated on adoption: the owner chose their values."""

    @abstractmethod
    def adoption_conflict(self, want: StateT) -> str | None:
        """Why the object cannot be adopted as it is. Called in check already; change nothing."""


def find_existing(handler: AnyHandler, state: Model) -> str | None:
    """The id of the existing object that `state` uses; None if the object is managed here."""
    if isinstance(handler, UsesExisting) and is_existing(state):
        return handler.find_existing(state)
    return None
