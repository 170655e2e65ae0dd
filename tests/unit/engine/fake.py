"""A small cloud in memory with one type of resource, to try the rules of the engine on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.errors import ApiError, InTheWay, NotFound, ProviderError
from palette_backup_provider.core.handler import Clients, Created, Handler
from palette_backup_provider.core.model import (
    Computed,
    Derived,
    FromSetting,
    Initial,
    Model,
    Named,
    Prerequisite,
    Replaces,
    Sensitive,
    Unchangeable,
    rule,
)
from palette_backup_provider.core.settings import Settings

ACCOUNT = "1111"
SECRET = "s3cr3t-of-the-user"


class Identity(Model):
    profile: str | None = None


class Login(Model):
    kind: Literal["login"] = "login"
    user: Annotated[str, rule("[a-z]+", "only a-z")]
    password: Sensitive[str]


class Badge(Model):
    kind: Literal["badge"] = "badge"
    number: int


class Door(Model):
    house: Unchangeable[str]
    color: str = "red"
    key: Annotated[Login | Badge, Field(discriminator="kind")]


class State(Prerequisite):
    identity: Identity | None = None
    region: Unchangeable[str]
    name: Annotated[str, Replaces(), Named(63), rule("[a-z0-9-]{3,63}", "3 to 63 of a-z, 0-9, -")]
    arn: Annotated[str, Derived()] = ""
    days: Annotated[int, Field(ge=1)] = 30
    tags: Annotated[dict[str, str], FromSetting("palette:tags")] = Field(default_factory=dict)
    door: Door | None = None
    password: Sensitive[str] | None = None
    adopt: Annotated[str | None, Initial()] = None
    token: Annotated[Sensitive[str], Computed()] = ""


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


class ThingHandler(Handler[Cloud, State]):
    realm = "cloud account"

    def whoami(self) -> str:
        self.client.call("whoami")
        return self.client.account

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {"arn": lambda: f"arn:{want.made_under}:{want.name}"}

    def judge(self, want: State) -> Iterator[Invalid]:
        if want.region == "moon":
            yield Invalid("region", "has no air")
        if want.days > 99:
            yield Invalid("days", "is too long for any region")

    def bring(self, want: State) -> str:
        self.client.call("bring")
        if want.name not in self.client.objects:
            raise NotFound(f"There is no {want.name}.")
        return want.name

    def unfit(self, want: State) -> Iterator[Invalid]:
        if want.tags.get("broken"):
            yield Invalid("name", "is broken")

    def unlike(self, want: State) -> str | None:
        self.client.call("unlike")
        there = self.client.objects.get(want.adopt or "")
        return None if there and there.days == want.days else "is not as the program says"

    def create(self, want: State) -> Created[State]:
        self.client.call("create")
        made = want.born().model_copy(update={"token": "t0ken-of-the-cloud"})
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

    def may_update(self, id: str, have: State, want: State) -> None:
        self.client.call("may_update")

    def may_replace(self, id: str, have: State) -> None:
        self.client.call("may_replace")


def clients(cloud: Cloud | None = None, **config: str) -> Clients:
    made = Clients(Settings({"cloud:account": ACCOUNT, **config}.get, {}))
    if cloud:
        made._made[Cloud, None] = cloud
    return made


ERRORS: list[Exception] = [
    ApiError("no answer", status=0),
    ApiError("not allowed", status=403),
    ApiError("not found, it says", status=404),
    ApiError("broken", status=500),
    InTheWay("not empty"),
    ProviderError("else"),
    ValueError("a bug"),
]
