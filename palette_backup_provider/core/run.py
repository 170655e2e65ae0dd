"""Shared by all resources in a run: its settings, its clients, and what they tell each other."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, Self, TypeVar

from palette_backup_provider.core.model import Model
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.settings import Settings

T = TypeVar("T")


class Client(Protocol):
    """Anything a handler talks through. Connecting reads settings and makes no call."""

    @classmethod
    def connect(cls, settings: Settings) -> Self: ...


ClientT = TypeVar("ClientT", bound=Client)


@dataclass(frozen=True)
class Planned:
    """The value of a property after the update that is planned."""

    value: Any
    secret: bool


def utc_now() -> datetime:
    return datetime.now(UTC)


class Run:
    """Shared by all handlers and threads of one process, which serves one phase of one stack."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] = utc_now) -> None:
        self.settings, self.now = settings, now
        self.failed = False
        """Whether any step of this run failed. A failed resource may still use what another one
        would end, so nothing is ended then."""
        self.asked: set[str] = set()
        """The owners of what the program asks for. Refresh and destroy check nothing, so there it
        is empty."""
        self.kept: set[tuple[type[Any], str]] = set()
        """Handler and id of each object that stays."""
        self.arguments: dict[str, Mapping[str, str]] = {}
        """Which arguments of a component a resource's properties come from, by owner. Refresh and
        destroy check nothing, so there it is empty."""
        self.planned: dict[str, Mapping[str, Planned]] = {}
        """The computed properties of objects after their update, by owner. A preview knows no
        outputs of an update."""
        self.foretold: set[str] = set()
        """The owners of what check has told to be reclaimed from a lost state."""
        self._clients: dict[Any, Any] = {}
        self._memories: dict[Any, Any] = {}
        self._messages: set[str] = set()
        self._lock = threading.RLock()

    def client(self, kind: type[ClientT], identity: Model | None = None) -> ClientT:
        """The client of that kind; with an `identity`, the client that acts under it."""
        with self._lock:
            if (kind, identity) not in self._clients:
                base: Any = self.client(kind) if identity else kind
                new = base.under(identity) if identity else base.connect(self.settings)
                self._clients[kind, identity] = new
            client: ClientT = self._clients[kind, identity]
            return client

    def once(self, kind: Callable[[], T]) -> T:
        """The only `kind` of this run: a memory that resources of a type share."""
        with self._lock:
            if kind not in self._memories:
                self._memories[kind] = kind()
            memory: T = self._memories[kind]
            return memory

    def announce_once(self, message: str) -> None:
        """A notice that many resources have a reason for."""
        with self._lock:
            repeated, self._messages = message in self._messages, self._messages | {message}
        if not repeated:
            announce(message)

    def argument(self, owner: str, name: str) -> str:
        """What the program calls a property of the resource of that owner."""
        return self.arguments.get(owner, {}).get(name) or name

    @contextmanager
    def recording_failure(self) -> Iterator[None]:
        """Sets `failed` if the step inside it fails."""
        try:
            yield
        except BaseException:
            self.failed = True
            raise
