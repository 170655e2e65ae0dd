"""The contract every resource type implements, free of any engine."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Self, TypeVar, get_args, get_origin

from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.markers import Computed
from palette_backup_provider.core.model import IDENTITY, Model, Owned, fields, load_unchecked
from palette_backup_provider.core.own_settings import RECOVER
from palette_backup_provider.core.ownership import PLAIN, UNFINISHED, Notation
from palette_backup_provider.core.run import ClientT, Run

StateT = TypeVar("StateT", bound=Model)


@dataclass(frozen=True)
class Created(Generic[StateT]):
    """What create() hands back."""

    id: str
    state: StateT


class HalfMade(ProviderError):
    """An object was made, and what its creation does next failed. Its text is that of the failure.

    An adapter that can keep `made` in state does so: the next update finishes the object, and a
    deletion deletes it. Otherwise the next run reclaims the object by its mark.
    """

    def __init__(self, made: Created[Any], failure: ProviderError) -> None:
        super().__init__(str(failure))
        self.made, self.failure = made, failure


@contextmanager
def finishing(id: str, state: Owned) -> Iterator[None]:
    """What a creation does once the object is there: a failure of it is HalfMade.

    An update finishes it: Lifecycle reads what is there, and `update` brings that to what is
    wanted."""
    try:
        yield
    except ProviderError as failure:
        half = state.model_copy(update={"held_by": UNFINISHED})
        raise HalfMade(Created(id, half), failure) from failure


class Handler(ABC, Generic[ClientT, StateT]):
    """CRUD for one resource type, under one identity.

    Write `class XHandler(Handler[XClient, XState])`; both types are read from there.
    """

    client_type: ClassVar[type[Any]]
    state_type: ClassVar[type[Any]]
    realm: ClassVar[str]
    """What `whoami` tells, in words, such as "Palette tenant"."""
    known_as: ClassVar[str] = ""
    """The field that holds the object's id, where the id is known before the object is made."""
    notation: ClassVar[Notation] = PLAIN
    """How marks are written on the objects of this type."""
    reclaim_requested: bool = False
    """Whether the user asked for just this object to be reclaimed."""

    def __init_subclass__(cls) -> None:
        bases = [b for b in cls.__orig_bases__ if isinstance(get_origin(b), type)]  # type: ignore[attr-defined]
        cls.client_type, cls.state_type = next(
            get_args(b) for b in bases if issubclass(get_origin(b), Handler)
        )

    def __init__(self, run: Run, identity: Model | None = None) -> None:
        self.run = run
        self.client: ClientT = run.client(self.client_type, identity)

    @classmethod
    def of(cls, run: Run, state: Model) -> Self:
        """The handler under the identity of `state`, if it has one."""
        return cls(run, getattr(state, IDENTITY, None))

    @property
    def reclaims_in_use(self) -> bool:
        """Whether an object with our mark is reclaimed although it is in use: state was lost."""
        return self.reclaim_requested or self.run.settings.flag(*RECOVER.places)

    def argument(self, state: Owned, name: str) -> str:
        """What the program calls a property of `state`: its own name, or an argument of the
        component that made the resource."""
        return self.run.argument(state.owner, name)

    def use_existing(self, want: Owned, value: str, own: str = "") -> str:
        """How to use an object as it is, as a sentence. `value` identifies the object; `own` are
        the arguments of the resource itself, by default `existing` and `name`."""
        argument = self.argument(want, "existing")
        own = own or f"existing=True, name={value!r}"
        how = own if argument == "existing" else f"{argument}={value!r}"
        return f"To use it as it is, set {how}."

    @abstractmethod
    def whoami(self) -> str:
        """The account, project, subscription or tenant the credentials in use belong to; cached."""

    def derive(self, want: StateT) -> Mapping[str, Callable[[], Any]]:
        """How to derive each field marked Derived or DerivedDefault. `want` is a DraftState:
        unknown fields raise UnknownValue.

        Called in check, so cached, read-only look-ups at most.
        """
        return {}

    def derive_from_last_run(
        self, want: StateT, before: Mapping[str, Any]
    ) -> Mapping[str, Callable[[], Any]]:
        """How to derive fields from `before`, the inputs of the last run, which are empty when the
        resource is made. `want` is a DraftState."""
        return {}

    def validate(self, want: StateT) -> Iterator[Invalid]:
        """What the model's own rules cannot see in wanted state that is wholly known."""
        return iter(())

    @abstractmethod
    def create(self, want: StateT) -> Created[StateT]:
        """Make the one object, or reclaim the unused object that an interrupted run made."""

    @abstractmethod
    def read(self, id: str, have: StateT) -> StateT:
        """The object as it is now. Raise NotFound when, and only when, it is confirmed absent.

        For a look-up by id, only the id is known: every field of `have` is None or its default.
        """

    def locate(self, id: str) -> Created[StateT]:
        """The object that people call `id`, for an import: its id, and the state of it that a
        program can ask for as it is. Raise NotFound where there is none, and NotImportable where
        that state cannot be told."""
        return Created(id, self.read(id, load_unchecked(self.state_type, {})))

    @abstractmethod
    def update(self, id: str, have: StateT, want: StateT) -> StateT:
        """Bring the object from `have` to `want`; Computed fields are carried over from `have`."""

    @abstractmethod
    def delete(self, id: str, have: StateT) -> None:
        """An object already absent is a success: raise NotFound or return."""

    def known_after_update(self, id: str, have: StateT, want: StateT) -> Mapping[str, Any]:
        """The Computed fields whose value after that update is known beforehand. By default they
        all stay."""
        return {name: getattr(have, name) for name in fields(type(want), Computed)}

    def prepare(self, id: str, have: StateT, want: StateT) -> None:
        """Note what state holds, and warn of what comes. Called on each object that the program
        asks for, changed or not, before any check. In preview too."""

    def without_deferred(self, id: str, have: StateT, want: StateT) -> StateT:
        """`want` without what has to wait for a later run. Asked in preview already."""
        return want

    def place(self, want: StateT) -> str:
        """The id under which `read` finds what is in the place of `want`; empty where only the run
        can tell. Raise NotFound where nothing is there. Asked in check; `want` is a DraftState."""
        return getattr(want, self.known_as) if self.known_as else ""

    def check_create(self, want: StateT) -> None:
        """Raise if it is bound to fail; tell what making it will do to others. Asked in check
        already; `want` is a DraftState."""

    def check_update(self, id: str, have: StateT, want: StateT) -> None:
        """Raise if that update is bound to fail or does harm. Asked in preview already."""

    def check_replace(self, id: str, have: StateT) -> None:
        """Raise if a replacement is bound to fail or does harm. Asked in preview already."""
        self.check_delete(id, have)

    def check_move(self, want: StateT) -> None:
        """Raise Blocked if what serves the object must not be replaced. Of `want`, only what was
        noted is known; there may be no object. Asked in preview already."""

    def check_delete(self, id: str, have: StateT) -> None:
        """Raise Blocked if a deletion is bound to be refused, by what was not made here. Asked
        before anything that goes along with the object is undone."""


AnyHandler = Handler[Any, Any]
