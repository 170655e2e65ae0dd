from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from pulumi import Input, Output

from palette_backup_provider.engine.plain import NEEDED, is_plain, plainly, read_plain
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


def wrong(given: Args) -> list[tuple[str, str]]:
    return read_plain(given)[1]


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
    assert wrong(args(name, Output.from_input(None))) == told


@pytest.mark.parametrize(("name", "told"), [("places", []), ("roles", [("roles", NEEDED)])])
def test_the_items_of_a_list_are_asked_too(name: str, told: Any) -> None:
    assert wrong(args(name, ["a", Output.from_input("b")])) == told
    assert not wrong(args(name, ["a", "b"]))


@pytest.mark.parametrize(
    ("name", "given", "meant"),
    [
        ("switch", "false", False),
        ("switch", "yes", True),
        ("switch", True, True),
        ("choice", "5", "5"),
        ("places", ("a", "b"), ["a", "b"]),
        ("roles", ["a"], ["a"]),
        ("name", 5, 5),
    ],
)
def test_it_is_of_the_type_of_its_hint(name: str, given: Any, meant: Any) -> None:
    read, told = read_plain(args(name, given))
    assert not told
    assert read == args(name, meant)


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("switch", "s3cr3t", "must be true or false"),
        ("places", "s3cr3t", "must be a list"),
        ("roles", {"s3cr3t": 1}, "must be a list"),
    ],
)
def test_what_cannot_be_is_refused(name: str, given: Any, reason: str) -> None:
    assert wrong(args(name, given)) == [(name, reason)]


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
