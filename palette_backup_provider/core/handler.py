"""The contract every resource type implements, free of any engine."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar, get_args, get_origin

from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.model import Model
from palette_backup_provider.core.retry import tell
from palette_backup_provider.core.settings import Settings


class Client(Protocol):
    """Anything a handler talks through. Connecting reads settings and makes no call."""

    @classmethod
    def connect(cls, settings: Settings) -> Self: ...


HOW_TO_RECOVER = (
    "If the stack's state was lost, `pulumi config set palette:recover true` has the next "
    "`pulumi up` take over what this stack made, in use or not."
)

ClientT = TypeVar("ClientT", bound=Client)
StateT = TypeVar("StateT", bound=Model)


def utc_now() -> datetime:
    return datetime.now(UTC)


class Clients:
    """The clients of one process: one a kind and identity, shared by all handlers and threads."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] = utc_now) -> None:
        self.settings, self.now = settings, now
        self.failed = False
        """Whether anything that this run asked for has failed: then nothing that a failed resource
        may still use should end."""
        self.asked: set[str] = set()
        """The owners of what the program asks for: a refresh and a destruction check nothing."""
        self._made: dict[Any, Any] = {}
        self._told: set[str] = set()
        self._lock = threading.RLock()

    def __call__(self, kind: type[ClientT], identity: Model | None = None) -> ClientT:
        """The client of that kind; with an `identity`, the one that acts under it."""
        with self._lock:
            if (kind, identity) not in self._made:
                base: Any = self(kind) if identity else kind
                made = base.under(identity) if identity else base.connect(self.settings)
                self._made[kind, identity] = made
            found: ClientT = self._made[kind, identity]
            return found

    def tell_once(self, message: str) -> None:
        """A line of progress that many resources have a reason for."""
        with self._lock:
            known, self._told = message in self._told, self._told | {message}
        if not known:
            tell(message)


@dataclass(frozen=True)
class Created(Generic[StateT]):
    """What create() hands back."""

    id: str
    state: StateT


class Handler(ABC, Generic[ClientT, StateT]):
    """CRUD for one resource type, under one identity.

    Write `class XHandler(Handler[XClient, State])`; both types are read from there. A State with a
    field `identity` has its client under that identity.
    """

    client_type: ClassVar[type[Any]]
    state_type: ClassVar[type[Any]]
    realm: ClassVar[str]
    """What `whoami` tells, in words: "AWS account", "Palette tenant"."""
    signs_in: ClassVar[tuple[str, str] | None] = None
    """Of what Palette acts as: the property that tells one from another, and the argument of a
    component that brings one. What a resource made that way, it cannot bring later."""
    takes_over: bool = False
    """Whether the user asked for just this object to be taken over."""

    def __init_subclass__(cls) -> None:
        bases = [b for b in cls.__orig_bases__ if isinstance(get_origin(b), type)]  # type: ignore[attr-defined]
        cls.client_type, cls.state_type = next(
            get_args(b) for b in bases if issubclass(get_origin(b), Handler)
        )

    def __init__(self, clients: Clients, identity: Model | None = None) -> None:
        self.clients = clients
        self.client: ClientT = clients(self.client_type, identity)

    @property
    def recovers(self) -> bool:
        """Whether what bears our mark is adopted although it is in use: state was lost."""
        return self.takes_over or self.clients.settings.flag("palette:recover", "PALETTE_RECOVER")

    @abstractmethod
    def whoami(self) -> str:
        """The account, project, subscription or tenant the credentials in use belong to; cached."""

    def derived(self, want: StateT) -> Mapping[str, Callable[[], Any]]:
        """How to tell each field marked Derived. `want` is a Draft: unknown fields raise NotKnown.

        Called in check, so cached, read-only look-ups at most.
        """
        return {}

    def from_before(
        self, want: StateT, before: Mapping[str, Any]
    ) -> Mapping[str, Callable[[], Any]]:
        """How to tell Derived fields that depend on `before`, the inputs of the last run; those are
        empty when the resource is made. `want` is a Draft."""
        return {}

    def judge(self, want: StateT) -> Iterator[Invalid]:
        """What the model's own rules cannot see in wanted state that is wholly known."""
        return iter(())

    def bring(self, want: StateT) -> str:
        """The id of a brought object. Raise NotFound where it is absent; change nothing.

        Asked in check already, so that a preview tells.
        """
        raise NotImplementedError(f"{type(self).__name__} has no field `existing`")

    def unfit(self, want: StateT) -> Iterator[Invalid]:
        """Why an object that is brought for the first time cannot serve, or would do harm."""
        return iter(())

    def unlike(self, want: StateT) -> str | None:
        """Why what exists cannot be adopted as it is. Asked in check already; change nothing."""
        raise NotImplementedError(f"{type(self).__name__} has no field `adopt`")

    @abstractmethod
    def create(self, want: StateT) -> Created[StateT]:
        """Make the one object, or adopt the unused one that an interrupted run made."""

    @abstractmethod
    def read(self, id: str, have: StateT) -> StateT:
        """The object as it is now. Raise NotFound when, and only when, it is confirmed absent.

        A look-up by id alone comes with a `have` in which all else is None or default.
        """

    @abstractmethod
    def update(self, id: str, have: StateT, want: StateT) -> StateT:
        """Bring the object from `have` to `want`; Computed fields are carried over from `have`."""

    @abstractmethod
    def delete(self, id: str, have: StateT) -> None:
        """An object already absent is a success: raise NotFound or return."""

    def stays(self, id: str, want: StateT) -> None:
        """Told in each run of an object that goes on unchanged."""

    def may_update(self, id: str, have: StateT, want: StateT) -> None:
        """Raise if that update is bound to fail or does harm. Asked in preview already."""

    def may_replace(self, id: str, have: StateT) -> None:
        """Raise if a replacement is bound to fail or does harm. Asked in preview already."""


AnyHandler = Handler[Any, Any]
