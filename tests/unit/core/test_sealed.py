from functools import partial
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from palette_backup_provider.core import secrets
from palette_backup_provider.core.model import Model, Owned, load_unchecked
from palette_backup_provider.core.secrets import cleared


class Disk(Model):
    kind: Literal["disk"] = "disk"
    path: str


class Tape(Model):
    kind: Literal["tape"] = "tape"
    label: str


class Room(Model):
    kind: Literal["room"] = "room"
    lock: Literal["open", "shut"] = "open"
    street: str = "Main Street"
    label: str
    size: int = 0
    heated: bool = False
    place: Annotated[Disk | Tape, Field(discriminator="kind")]


class House(Owned):
    room: Annotated[Room | Tape, Field(discriminator="kind")]
    tags: dict[str, str] = Field(default_factory=dict)


ROOM: dict[str, Any] = {
    "kind": "room",
    "lock": "shut",
    "street": "Main Street",
    "label": "planted-label",
    "size": 4711,
    "heated": True,
    "place": {"kind": "tape", "label": "planted-tape"},
}


@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize(
    ("sealed", "kind", "hidden"),
    [
        (["room"], "tape", {"planted-label", "planted-tape"}),
        (["room"], "of no sort", {"planted-label", "planted-tape", "of no sort"}),
        (["room", "place"], "tape", {"planted-tape"}),
        (["room", "place"], "of no sort", {"planted-tape", "of no sort"}),
        (["room", "kind"], "tape", set()),
        (["room", "place", "kind"], "tape", set()),
        (["room", "place", "kind"], "of no sort", {"of no sort"}),
        (["room", "lock"], "tape", set()),
        (["tags"], "tape", {"planted-tag"}),
        (["tags", "kind"], "tape", {"planted-tag"}),
    ],
)
def test_of_a_whole_that_is_secret_its_texts_are_cleared(
    held: bool, sealed: list[str], kind: str, hidden: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for what all know: which kind it is, what is chosen, how much, and whether."""
    monkeypatch.setattr(secrets, "_known", set())
    place = {**ROOM["place"], "kind": kind}
    props = {"room": {**ROOM, "place": place}, "tags": {"kind": "planted-tag"}}
    load = House.model_validate if held and kind == "tape" else partial(load_unchecked, House)
    load({**props, "__sealed": [sealed]})
    text = f"room {kind} shut Main Street 4711 true planted-label planted-tape planted-tag"
    expected = text
    for value in hidden:
        expected = expected.replace(value, "[secret]")
    assert cleared(text) == expected


@pytest.mark.parametrize("sealed", [["room"], ["room", "place"], ["room", "place", "kind"]])
def test_a_kind_is_known_to_all_also_below_one_that_is_wrong(
    sealed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "_known", set())
    load_unchecked(House, {"room": {**ROOM, "kind": "rom"}, "__sealed": [sealed]})
    assert cleared("the label of a tape: 4711, true") == "the label of a tape: 4711, true"
