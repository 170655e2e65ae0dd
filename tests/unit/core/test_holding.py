"""What becomes of storage that holds backups, free of any cloud."""

from typing import Any, Self

import pytest

from palette_backup_provider.core.errors import Blocked, NotFound
from palette_backup_provider.core.handler import Created
from palette_backup_provider.core.holding import Holding, HoldingHandler
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings


class Client:
    """Holds what the test says, and is told of what goes."""

    holds = "2 objects"
    ours = True
    gone = False
    removed: tuple[bool, ...] = ()

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls()


class State(Holding):
    name: str


class BoxHandler(HoldingHandler[Client, State]):
    noun = "big box"

    def whoami(self) -> str:
        return "here"

    def find_existing(self, want: State) -> str:
        return want.name

    def create(self, want: State) -> Created[State]:
        return Created(want.name, want)

    def read(self, id: str, have: State) -> State:
        return have

    def update(self, id: str, have: State, want: State) -> State:
        return want

    def still_ours(self, id: str, have: State) -> bool:
        if self.client.gone:
            raise NotFound("It is gone.")
        return self.client.ours

    def content(self, have: State) -> str:
        return self.client.holds

    def remove(self, id: str, have: State) -> None:
        self.client.removed += (have.force_destroy,)


@pytest.fixture
def boxes() -> BoxHandler:
    return BoxHandler(Run(Settings(lambda _: None, {})))


def box(**given: Any) -> State:
    return State(name="b-1", **{"__owner": "acme/shop/dev/nightly:0a1b2c", **given})


REFUSAL = (
    "The big box b-1 holds 2 objects, so it is not deleted. Empty it; or set force_destroy=True "
    "(deletes all of it) or replace_with_data='retain' (keeps the big box, out of state), run "
    "`pulumi up`, then destroy or replace it. If it left the program, put it back first."
)


@pytest.mark.parametrize("action", ["delete", "check_delete", "check_replace"])
def test_with_backups_it_is_in_the_way(boxes: BoxHandler, action: str) -> None:
    with pytest.raises(Blocked) as refused:
        getattr(boxes, action)("id", box())
    assert str(refused.value) == REFUSAL
    assert boxes.client.removed == ()


@pytest.mark.parametrize(
    ("given", "holds"),
    [({"force_destroy": True}, "2 objects"), ({"replace_with_data": "retain"}, ""), ({}, "")],
)
def test_what_may_go_goes(
    boxes: BoxHandler, given: dict[str, Any], holds: str, capsys: pytest.CaptureFixture[str]
) -> None:
    boxes.client.holds = holds
    boxes.check_delete("id", box(**given))
    boxes.check_replace("id", box(**given))
    boxes.delete("id", box(**given))
    assert boxes.client.removed == (given.get("force_destroy", False),)
    assert capsys.readouterr().out == ""


def test_what_is_retained_stays_and_is_named(
    boxes: BoxHandler, capsys: pytest.CaptureFixture[str]
) -> None:
    have = box(replace_with_data="retain")
    boxes.check_delete("id", have)
    assert capsys.readouterr().out == ""
    boxes.check_replace("id", have)
    assert capsys.readouterr().out == (
        "nightly: a new big box replaces b-1, which is kept, out of this stack's state, as it "
        "holds 2 objects.\n"
    )
    boxes.delete("id", have)
    assert capsys.readouterr().out == (
        "nightly: the big box b-1 is kept, as it holds 2 objects. It is no longer in this stack's "
        "state: empty and delete it by hand. To use it as it is, set existing=True, name='b-1'.\n"
    )
    assert boxes.client.removed == ()


def test_of_what_is_gone_or_another_s_nothing_is_asked(boxes: BoxHandler) -> None:
    boxes.client.ours = False
    boxes.delete("id", box())
    boxes.check_delete("id", box())
    boxes.client.gone = True
    boxes.check_delete("id", box())
    boxes.check_replace("id", box())
    with pytest.raises(NotFound):
        boxes.delete("id", box())
    assert boxes.client.removed == ()


def test_backups_do_not_both_go_and_stay(boxes: BoxHandler) -> None:
    assert not list(boxes.validate(box(force_destroy=True)))
    (wrong,) = boxes.validate(box(force_destroy=True, replace_with_data="retain"))
    assert wrong.path == "replace_with_data"
    assert wrong.reason == "'retain' and force_destroy exclude each other: leave one out"
