"""A cloud that gives out credentials, and a state that holds one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from palette_backup_provider.core.errors import ApiError, NotFound
from palette_backup_provider.core.markers import Computed
from palette_backup_provider.core.rotation.credential import CredentialHandler, Expiring
from palette_backup_provider.core.rotation.retired import (
    RetiredCredential,
    RetiredCredentialHandler,
)
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.engine.properties import Props, outputs

NOON = datetime(2026, 11, 23, 12, 30, 59, tzinfo=UTC)
OWNER = "acme/shop/dev/nightly:0a1b2c"


class State(Expiring):
    id: Annotated[str, Computed()] = ""
    size: int = 1


@dataclass
class Vault:
    """A cloud that gives out numbered credentials."""

    alive: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    refuses: bool = False
    strays: set[str] = field(default_factory=set)
    """What a look took for unknown to state."""

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls()


class VaultHandler(CredentialHandler[Vault, State]):
    realm = "vault"
    current = "id"

    def whoami(self) -> str:
        return "v"

    def issue(self, want: State, known: set[str]) -> Mapping[str, Any]:
        if self.client.refuses:
            raise ApiError("no more", status=400)
        self.client.log.append(f"issue, knowing {sorted(known)}")
        self.client.alive.append(f"c{len(self.client.log)}")
        return {"id": self.client.alive[-1]}

    def revoke(self, have: State, id: str) -> None:
        if id not in self.client.alive:
            raise NotFound(f"{id} is gone")
        self.client.alive.remove(id)

    def update_current(self, have: State, want: State) -> None:
        if have.size != want.size:
            self.client.log.append("adjust")

    def read_current(self, id: str, have: State) -> State:
        self.client.strays |= {*self.client.alive} - {have.id or id, have.previous}
        if have.id not in self.client.alive:
            raise NotFound(f"{have.id} is gone")
        return have


class Old(RetiredCredential):
    pass


class OldHandler(RetiredCredentialHandler[Vault, Old]):
    realm = "vault"

    def whoami(self) -> str:
        return "v"

    def revoke(self, have: Old, id: str) -> None:
        VaultHandler.revoke(self, have, id)  # type: ignore[arg-type]


class World:
    """One credential, as the engine would hold it."""

    def __init__(self, **given: Any) -> None:
        self.now = NOON
        self.run = Run(Settings(lambda _: None, {}), lambda: self.now)
        self.vault = self.run.client(Vault)
        self.lifecycle = Lifecycle(VaultHandler, self.run)
        self.inputs = self.check({}, **given)
        made = self.lifecycle.create(self.inputs)
        self.id, self.outputs = made.id, outputs(made.state)

    def check(self, before: Props, **given: Any) -> Props:
        checked = self.lifecycle.check(before, {"__owner": OWNER, **given}, set())
        assert not checked.failures, checked.failures
        return checked.props

    def up(self, **given: Any) -> bool:
        """Whether anything changed."""
        news = self.check(self.inputs, **given)
        found = self.lifecycle.diff(self.id, self.outputs, news, set())
        assert not found.replaces
        if found.changes is not False:
            self.outputs = outputs(self.lifecycle.update(self.id, self.outputs, news))
        self.inputs = news
        return found.changes is not False


class Beside:
    """What stands beside the credential of a world, as the engine would hold it."""

    def __init__(self, world: World) -> None:
        self.world, self.lifecycle = world, Lifecycle(OldHandler, world.run)
        self.inputs = self._check({})
        self.outputs = outputs(self.lifecycle.create(self.inputs).state)

    def up(self) -> bool:
        """Whether anything changed. Each run is served by a process of its own."""
        self.world.run = Run(Settings(lambda _: None, {}), lambda: self.world.now)
        self.world.run._clients[Vault, None] = self.world.vault
        self.lifecycle = Lifecycle(OldHandler, self.world.run)
        news = self._check(self.inputs)
        found = self.lifecycle.diff("old", self.outputs, news, set())
        if found.replaces:
            was, news = self.outputs, self._check({})
            self.outputs = outputs(self.lifecycle.create(news).state)
            self.lifecycle.delete("old", was)
        elif found.changes is not False:
            self.outputs = outputs(self.lifecycle.update("old", self.outputs, news))
        self.inputs = news
        return found.changes is not False

    def _check(self, before: Props) -> Props:
        there = self.world.outputs
        given = {
            "__told": there["previous"],
            "__told_until": there["retiring_until"],
            "__retire_after": there["retire_after"],
        }
        return self.lifecycle.check(before, {"__owner": OWNER, **given}, set()).props
