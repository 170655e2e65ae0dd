"""A small cloud in memory with one type of resource, to try the rules of the engine on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from palette_backup_provider.core.capabilities import Adopts, UsesExisting
from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.errors import ApiError, Blocked, NotFound, ProviderError
from palette_backup_provider.core.handler import Created
from palette_backup_provider.core.markers import (
    AutoNamed,
    Computed,
    CreateOnly,
    Derived,
    FromSetting,
    Local,
    OnDelete,
    Replaces,
    Sensitive,
    Unchangeable,
)
from palette_backup_provider.core.model import Model, Storage, matches
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings

TOKEN = "fake:Thing"
ACCOUNT = "1111"
SECRET = "s3cr3t-of-the-user"


class Identity(Model):
    profile: str | None = None


class Login(Model):
    kind: Literal["login"] = "login"
    user: Annotated[str, matches("[a-z]+", "only a-z")]
    password: Sensitive[str]


class Badge(Model):
    kind: Literal["badge"] = "badge"
    number: int


class Door(Model):
    house: Unchangeable[str]
    color: str = "red"
    key: Annotated[Login | Badge, Field(discriminator="kind")]


class State(Storage):
    identity: Identity | None = None
    region: Unchangeable[str]
    name: Annotated[
        str, Replaces(), AutoNamed(63), matches("[a-z0-9-]{3,63}", "3 to 63 of a-z, 0-9, -")
    ]
    arn: Annotated[str, Derived()] = ""
    days: Annotated[int, Field(ge=1)] = 30
    tags: Annotated[dict[str, str], FromSetting("palette:tags")] = Field(default_factory=dict)
    door: Door | None = None
    password: Sensitive[str] | None = None
    adopt: Annotated[str | None, CreateOnly()] = None
    token: Annotated[Sensitive[str], Computed()] = ""
    force: Annotated[bool, OnDelete()] = False
    goes_with: Annotated[list[dict[str, Any]] | None, Local()] = Field(
        alias="__goes_with", default=None
    )


@dataclass
class Cloud:
    """Every account of the cloud, and what was asked of it."""

    account: str = ACCOUNT
    calls: list[str] = field(default_factory=list)
    fails: dict[str, Exception] = field(default_factory=dict)
    objects: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls(settings.require("cloud:account"))

    def under(self, identity: Identity) -> "Cloud":
        other = Cloud(identity.profile or self.account)
        other.calls, other.fails, other.objects = self.calls, self.fails, self.objects
        return other

    def call(self, what: str) -> None:
        self.calls.append(f"{what} in {self.account}")
        if error := self.fails.get(what):
            raise error


class ThingHandler(UsesExisting[Cloud, State], Adopts[Cloud, State]):
    realm = "cloud account"

    def whoami(self) -> str:
        self.client.call("whoami")
        return self.client.account

    def derive(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {"arn": lambda: f"arn:{want.made_under}:{want.name}"}

    def observed(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return self.derive(want)

    def validate(self, want: State) -> Iterator[Invalid]:
        if want.region == "moon":
            yield Invalid("region", "has no air")
        if want.days > 99:
            yield Invalid("days", "is too long for any region")

    def find_existing(self, want: State) -> str:
        self.client.call("find")
        if want.name not in self.client.objects:
            raise NotFound(f"There is no {want.name}.")
        return want.name

    def check_existing(self, want: State) -> Iterator[Invalid]:
        if (want.tags or {}).get("broken"):
            yield Invalid("name", "is broken")

    def adoption_conflict(self, want: State) -> str | None:
        self.client.call("adoption_conflict")
        there = self.client.objects.get(want.adopt or "")
        return None if there and there.days == want.days else "is not as the program says"

    def create(self, want: State) -> Created[State]:
        self.client.call("create")
        made = want.with_new_incarnation().model_copy(update={"token": "t0ken-of-the-cloud"})
        self.client.objects[made.name] = made
        return Created(made.name, made)

    def read(self, id: str, have: State) -> State:
        self.client.call("read")
        if id not in self.client.objects:
            raise NotFound(f"{id} is gone.")
        found: State = self.client.objects[id]
        return found

    def update(self, id: str, have: State, want: State) -> State:
        self.client.call("update")
        self.client.objects[id] = want
        return want

    def delete(self, id: str, have: State) -> None:
        self.client.call("delete")
        if id not in self.client.objects:
            raise NotFound(f"{id} is gone.")
        del self.client.objects[id]

    def check_update(self, id: str, have: State, want: State) -> None:
        self.client.call("check_update")

    def check_replace(self, id: str, have: State) -> None:
        self.client.call("check_replace")

    def check_delete(self, id: str, have: State) -> None:
        self.client.call("check_delete")

    def check_move(self, want: State) -> None:
        self.client.call(f"check_move {want.owner}")


def run_of(cloud: Cloud | None = None, **config: str) -> Run:
    made = Run(Settings({"cloud:account": ACCOUNT, **config}.get, {}))
    if cloud:
        made._clients[Cloud, None] = cloud
    return made


ERRORS: list[Exception] = [
    ApiError("no answer", status=0),
    ApiError("not allowed", status=403),
    ApiError("not found, it says", status=404),
    ApiError("broken", status=500),
    Blocked("not empty"),
    ProviderError("else"),
    ValueError("a bug"),
]
