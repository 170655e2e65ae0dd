from typing import Self

from palette_backup_provider.core.capabilities import UsesExisting, find_existing
from palette_backup_provider.core.handler import Created
from palette_backup_provider.core.model import Prerequisite, is_existing
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings


class Client:
    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls()


class ThingState(Prerequisite):
    name: str


class ThingHandler(UsesExisting[Client, ThingState]):
    def whoami(self) -> str:
        return "here"

    def find_existing(self, want: ThingState) -> str:
        return f"id of {want.name}"

    def create(self, want: ThingState) -> Created[ThingState]:
        return Created(want.name, want)

    def read(self, id: str, have: ThingState) -> ThingState:
        return have

    def update(self, id: str, have: ThingState, want: ThingState) -> ThingState:
        return want

    def delete(self, id: str, have: ThingState) -> None:
        pass


def test_an_existing_object_is_found_only_if_the_program_uses_it() -> None:
    handler = ThingHandler(Run(Settings(lambda _: None, {})))
    assert find_existing(handler, ThingState(name="a", existing=True)) == "id of a"
    assert find_existing(handler, ThingState(name="a")) is None


def test_what_a_type_of_existing_objects_need_not_write() -> None:
    handler = ThingHandler(Run(Settings(lambda _: None, {})))
    state = ThingState(name="a", existing=True)
    assert handler.observed(state) == {}
    assert list(handler.check_existing(state)) == []


def test_a_state_and_its_properties_tell_alike_whether_the_object_is_existing() -> None:
    for given in (True, False, None, "yes"):
        stored = ThingState.model_construct(name="a", existing=given)
        assert is_existing(stored) == is_existing({"existing": given}) == (given is True)
