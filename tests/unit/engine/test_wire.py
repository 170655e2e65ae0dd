from typing import Annotated, Any, Literal

import pytest
from google.protobuf import json_format
from pulumi.runtime import rpc
from pydantic import Field

from palette_backup_provider.core.model import Model
from palette_backup_provider.engine import wire
from palette_backup_provider.engine.wire import is_foreign, read, write
from tests.served import secret, struct
from tests.unit.engine.fake import State

KEY = {"kind": "login", "user": "me", "password": "pa55"}
PROPS: dict[str, Any] = {
    "__owner": "o/p/s/n:ab12cd",
    "region": "eu",
    "days": 7,
    "tags": {"snake_key": "a", "camelKey": "b"},
    "door": {"house": "9", "key": KEY},
    "existing": False,
}


class Attic(Model):
    kind: Literal["attic"] = "attic"
    roof_window: str


class Cellar(Model):
    kind: Literal["cellar"] = "cellar"


class Wide(State):
    room: Annotated[Attic | Cellar | None, Field(discriminator="kind")] = None
    two_words: str = ""
    long_list: list[Any] = Field(default_factory=list)
    ratio: float = 0.5


def on_wire(props: Any, **how: Any) -> dict[str, Any]:
    found: dict[str, Any] = json_format.MessageToDict(write(Wide, props, **how))
    return found


def output(**fields: Any) -> dict[str, Any]:
    return {rpc._special_sig_key: rpc._special_output_value_sig, **fields}


def test_what_is_written_is_read() -> None:
    props = {**PROPS, "two_words": "x", "long_list": [1, {"a_b": None}, [True]], "ratio": 0.25}
    found = read(Wide, write(Wide, props))
    assert found.props == {**props, "long_list": [1, {}, [True]]}
    assert (found.unknown, found.secret) == (set(), {("door", "key", "password")})


def test_the_secrets_of_a_message_are_its_texts() -> None:
    given = {
        "plain": "a",
        "two_words": secret("s3cr3t"),
        "tags": {"team": secret("in a map"), "other": "b"},
        "door": secret({"house": "9", "days": 7, "open": True, "keys": [1, "in a list"]}),
        "long_list": ["c", secret("makes the list secret")],
        "ratio": secret(0.5),
        "existing": secret(True),
        "region": secret(None),
        "nothing": {"yet": secret(rpc.UNKNOWN)},
    }
    for model in (None, Wide):
        found = read(model, struct(given)).secrets
        assert sorted(found, key=str) == [
            ["c", "makes the list secret"],
            "in a map",
            "s3cr3t",
            {"house": "9", "keys": ["in a list"]},
        ]


def test_both_spellings_are_read() -> None:
    assert read(Wide, struct({"two_words": "a"})).props == {"two_words": "a"}
    assert read(Wide, struct({"twoWords": "a"})).props == {"two_words": "a"}


def test_the_keys_of_a_user_s_maps_stay() -> None:
    assert on_wire(PROPS)["tags"] == PROPS["tags"]
    assert read(Wide, struct(PROPS)).props["tags"] == PROPS["tags"]


def test_what_the_engine_keeps_for_itself_is_no_property() -> None:
    assert read(Wide, struct({"__provider": "pickle", "__defaults": [], "region": "eu"})).props == {
        "region": "eu"
    }


def test_secrets_of_the_model_are_sealed_and_opened() -> None:
    told = on_wire(PROPS)["door"]["key"]
    assert told == {**KEY, "password": secret("pa55")}
    found = read(Wide, struct({"door": {"key": told}}))
    assert found.props["door"]["key"] == KEY


@pytest.mark.parametrize("value", [None, ""])
def test_a_secret_that_is_not_there_is_not_sealed(value: Any) -> None:
    assert on_wire({"password": value})["password"] == (secret("") if value == "" else None)


def test_secrets_of_a_program_are_sealed_where_it_says() -> None:
    props = {**PROPS, "__sealed": [["tags", "snake_key"], ["region"]]}
    told = on_wire(props)
    assert told["tags"] == {"snake_key": secret("a"), "camelKey": "b"}
    assert told["region"] == secret("eu")
    assert read(Wide, write(Wide, props)).secret >= {("tags", "snake_key"), ("region",)}


def test_a_secret_in_a_list_seals_the_list() -> None:
    found = read(Wide, struct({"longList": ["a", secret("b")]}))
    assert (found.props, found.secret) == ({"long_list": ["a", "b"]}, {("long_list",)})


def test_a_value_is_sealed_once() -> None:
    value = struct({"key": "k3y"}).fields["key"]
    assert wire.plain(wire.sealed(value)) == "k3y"
    assert wire.sealed(wire.sealed(value)) == wire.sealed(value) != value


def test_unknowns_of_every_type_are_read() -> None:
    for mark in wire._UNKNOWNS:
        found = read(Wide, struct({"region": mark, "longList": ["a", mark], "tags": {"a.b": mark}}))
        assert found.unknown == {("region",), ("long_list",), ("tags", "a.b")}
        assert found.waiting == {"region", "long_list", "tags.a.b"}
        assert found.props == {"tags": {}}


def test_unknowns_are_written_also_where_nothing_is_known() -> None:
    unknown = [("region",), ("door", "key", "password"), ("tags", "a.b")]
    told = on_wire({"region": "eu", "door": {"house": "9"}}, unknown=unknown)
    assert told["region"] == rpc.UNKNOWN
    assert told["door"] == {"house": "9", "key": {"password": rpc.UNKNOWN}}
    assert told["tags"] == {"a.b": rpc.UNKNOWN}


def test_output_values_are_read() -> None:
    found = read(
        Wide,
        struct(
            {
                "region": output(value="eu"),
                "twoWords": output(value="x", secret=True),
                "tags": output(),
                "door": output(value={"key": secret({**KEY, "kind": "login"})}, secret=False),
            }
        ),
    )
    assert found.props == {"region": "eu", "two_words": "x", "door": {"key": KEY}}
    assert found.unknown == {("tags",)}
    assert found.secret == {("two_words",), ("door", "key")}


@pytest.mark.parametrize(
    "kind", ["attic", secret("attic"), output(value="attic"), output(value=secret("attic"))]
)
def test_a_kind_is_read_through_its_seal(kind: Any) -> None:
    """It says which names are below it."""
    found = read(Wide, struct({"room": {"kind": kind, "roofWindow": "x"}}))
    assert found.props["room"] == {"kind": "attic", "roof_window": "x"}


@pytest.mark.parametrize("kind", [None, 5, "hall", rpc.UNKNOWN, ["attic"], output()])
def test_what_is_no_kind_tells_no_names(kind: Any) -> None:
    found = read(Wide, struct({"room": {"kind": kind, "roofWindow": "x"}}))
    assert found.props["room"]["roofWindow"] == "x"


def test_state_of_the_dynamic_adapter_is_told() -> None:
    assert is_foreign(Wide, struct({"two_words": "a"}))
    assert is_foreign(Wide, struct({"__provider": "pickle"}))
    assert not is_foreign(Wide, write(Wide, PROPS))
