from collections.abc import Mapping
from typing import Any, Self

import pytest

from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.model import Model
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings


class Identity(Model):
    profile: str


class Client:
    def __init__(self, who: str) -> None:
        self.who = who

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls(settings.require("cloud:profile"))

    def under(self, identity: Identity) -> "Client":
        return Client(f"{self.who} as {identity.profile}")


class OtherClient(Client):
    pass


class State(Model):
    name: str


class Mixin:
    pass


class ThingHandler(Mixin, Handler[Client, State]):
    def whoami(self) -> str:
        return self.client.who

    def create(self, want: State) -> Created[State]:
        return Created(want.name, want)

    def read(self, id: str, have: State) -> State:
        return have

    def update(self, id: str, have: State, want: State) -> State:
        return want

    def delete(self, id: str, have: State) -> None:
        pass


class SpecialHandler(ThingHandler):
    pass


def run(config: Mapping[str, str] | None = None) -> Run:
    return Run(Settings((config or {"cloud:profile": "me"}).get, {}))


@pytest.mark.parametrize("handler", [ThingHandler, SpecialHandler])
def test_a_handler_knows_its_types(handler: Any) -> None:
    assert (handler.client_type, handler.state_type) == (Client, State)


def test_the_client_of_an_identity_acts_under_it() -> None:
    made = run()
    assert ThingHandler(made).whoami() == "me"
    assert ThingHandler(made, Identity(profile="a")).whoami() == "me as a"


def test_what_a_handler_need_not_write() -> None:
    handler = ThingHandler(run())
    state = State(name="x")
    assert handler.derive(state) == {}
    assert list(handler.validate(state)) == []
    handler.check_update("x", state, state)
    handler.check_replace("x", state)
