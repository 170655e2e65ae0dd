from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from pulumi import Input, Output

from palette_backup_provider.engine.plain import NEEDED, is_plain, not_known, plainly
from tests.mocks import event_loops


@dataclass(kw_only=True)
class Inner:
    name: Input[str]


@dataclass(kw_only=True)
class Args:
    name: Input[str] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    inner: Inner | None = None
    several: Input[Sequence[str]] | None = None
    switch: bool | None = None
    choice: int | str | None = None
    places: Sequence[Input[str]] | None = None
    roles: Sequence[str] | None = None


def args(name: str, value: Any) -> Args:
    given = {name: value}
    return Args(**given)


HINTS = {name: field.type for name, field in Args.__dataclass_fields__.items()}


@pytest.fixture(autouse=True)
def loop() -> Iterator[None]:
    with event_loops():
        yield


@pytest.mark.parametrize("name", HINTS)
def test_an_argument_is_plain_whose_hint_has_no_output(name: str) -> None:
    plain = name in {"switch", "choice", "places", "roles"}
    assert is_plain(HINTS[name]) is plain
    told = [(name, NEEDED)] if plain else []
    assert list(not_known(args(name, Output.from_input(None)))) == told


@pytest.mark.parametrize(("name", "told"), [("places", []), ("roles", [("roles", NEEDED)])])
def test_the_items_of_a_list_are_asked_too(name: str, told: Any) -> None:
    assert list(not_known(args(name, ["a", Output.from_input("b")]))) == told
    assert not list(not_known(args(name, ["a", "b"])))
    assert not list(not_known(args(name, "not a list")))


@pytest.mark.parametrize(
    ("name", "spec"),
    [
        ("name", {"type": "string"}),
        ("switch", {"type": "boolean", "plain": True}),
        ("places", {"type": "array", "items": {"type": "string"}, "plain": True}),
        ("roles", {"type": "array", "items": {"type": "string", "plain": True}, "plain": True}),
        ("several", {"type": "array", "items": {"type": "string"}}),
    ],
)
def test_the_schema_says_so(name: str, spec: dict[str, Any]) -> None:
    told = {key: one for key, one in spec.items() if key != "plain"}
    if "items" in told:
        told["items"] = {"type": "string"}
    assert plainly(told, HINTS[name]) == spec
