import re
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from palette_backup_provider.core.markers import (
    SEED,
    AutoNamed,
    Computed,
    Derived,
    Replaces,
    Secret,
    Sensitive,
    Unchangeable,
)
from palette_backup_provider.core.model import (
    Model,
    Owned,
    fields,
    load_unchecked,
    logical_name,
    marker,
    matches,
    property_name,
    variant,
)
from palette_backup_provider.core.secrets import cleared
from palette_backup_provider.engine.properties import outputs


class Disk(Model):
    kind: Literal["disk"] = "disk"
    path: str
    password: Sensitive[str] = ""


class Tape(Model):
    kind: Literal["tape"] = "tape"
    label: str


class State(Owned):
    name: Annotated[str, AutoNamed(24, separator="")]
    region: Unchangeable[str]
    place: Annotated[Disk | Tape, Field(discriminator="kind")]
    token: Sensitive[str] = "none"
    days: int = 30


OWNER = "org/project/stack/nightly:1a2b3c"
DISK = {"kind": "disk", "path": "/srv", "password": "open-sesame"}


def state(**props: object) -> State:
    whole = {"__owner": OWNER, "name": "n", "region": "r", "place": DISK, **props}
    return State.model_validate(whole)


@given(
    logical=st.text() | st.text("aB-_é", min_size=50),
    prefix=st.text(max_size=30),
    shape=st.sampled_from([(63, "-"), (24, ""), (30, "-"), (64, "-")]),
)
def test_a_made_name_obeys_limit_and_alphabet(
    logical: str, prefix: str, shape: tuple[int, str]
) -> None:
    limit, separator = shape
    name = AutoNamed(limit, separator).name(prefix, logical, [])
    assert len(name) <= limit
    assert re.fullmatch("[a-z0-9]([a-z0-9-]*[a-z0-9])?" if separator else "[a-z0-9]+", name)
    assert re.fullmatch(f"{re.escape(separator)}[0-9a-f]{{{SEED}}}", name[-SEED - len(separator) :])


def test_a_made_name_is_readable() -> None:
    name = AutoNamed(63).name("acme-", "Nightly Backups", [OWNER])
    assert re.fullmatch(r"acme-nightly-backups-[0-9a-f]{10}", name)


def test_a_name_that_is_wholly_foreign_gets_a_stem() -> None:
    assert AutoNamed(63).name("", "夜間", []).startswith("backup-")


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_names_differ_exactly_when_their_seeds_do(one: list[str], other: list[str]) -> None:
    def made(seed: list[str]) -> str:
        return AutoNamed(24, separator="").name("", "a" * 40, seed)

    assert (made(one) == made(other)) is (one == other)


def test_the_order_of_a_seed_does_not_count() -> None:
    named = AutoNamed(63)
    assert named.name("", "x", {"a": 1, "b": 2}) == named.name("", "x", {"b": 2, "a": 1})


def test_markers_are_found() -> None:
    assert fields(State, Replaces) == {"region", "made_under"}
    assert fields(State, Secret) == {"token"}
    assert fields(State, Computed) == {"incarnation", "schema_version"}
    assert fields(State, Derived) == {"made_under", "held_by"}
    found = marker(State, "name", AutoNamed)
    assert found is not None
    assert found.limit == 24
    assert marker(State, "days", AutoNamed) is None


def test_an_alias_is_the_property() -> None:
    assert property_name(State, "owner") == "__owner"
    assert property_name(State, "days") == "days"


def test_a_misspelt_field_is_an_error() -> None:
    with pytest.raises(ValidationError, match="dayz"):
        state(dayz=1)


def test_a_model_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        state().days = 1


def test_secrets_stay_out_of_repr_and_are_remembered() -> None:
    made = state(token="abracadabra")
    for text in (repr(made), str(made), f"{made}"):
        assert "abracadabra" not in text
        assert "open-sesame" not in text
        assert "/srv" in text
    assert cleared("abracadabra, open-sesame") == "[secret], [secret]"


def test_an_error_of_validation_shows_no_value() -> None:
    with pytest.raises(ValidationError) as caught:
        state(days="swordfish-7")
    assert "swordfish" not in str(caught.value)


def test_a_rule_says_what_it_wants() -> None:
    class Ruled(Model):
        name: Annotated[str, matches("[a-z]+", "only a-z")]

    assert Ruled(name="abc").name == "abc"
    for bad in ("Abc", "abc\n", ""):
        with pytest.raises(ValidationError) as caught:
            Ruled(name=bad)
        assert f"{bad!r} is not allowed: only a-z" in caught.value.errors()[0]["msg"]


def test_the_mark() -> None:
    made = state().with_new_incarnation()
    assert made.mark == f"{OWNER}@{made.incarnation}"
    assert re.fullmatch("[0-9a-f]{10}", made.incarnation)
    assert made.with_new_incarnation().incarnation != made.incarnation


def test_the_logical_name() -> None:
    assert state().logical == logical_name(OWNER) == "nightly"
    assert logical_name("") == ""


def test_the_variant_of_a_choice() -> None:
    annotation = State.model_fields["place"].annotation
    assert variant(annotation, {"kind": "tape"}) is Tape
    assert variant(annotation, Disk(path="/")) is Disk
    assert variant(annotation, {"kind": "cloud"}) is None
    assert variant(annotation, {}) is None
    assert variant(Disk | None, {}) is Disk
    assert variant(dict[str, str], {}) is None


def test_old_state_is_recalled_whatever_today_s_rules_say() -> None:
    old = {"__owner": OWNER, "region": 7, "days": "many", "gone": 1, "place": {**DISK, "size": 2}}
    found: Any = load_unchecked(State, old)
    assert found.owner == OWNER
    assert (found.name, found.region, found.days) == (None, 7, "many")
    assert found.token == "none"
    assert isinstance(found.place, Disk)
    assert found.place.path == "/srv"
    assert not hasattr(found, "gone")
    assert not hasattr(found.place, "size")


def test_recalled_secrets_are_remembered_and_odd_ones_do_no_harm() -> None:
    found: State = load_unchecked(State, {"token": "mellon-mellon"})
    assert cleared(found.token) == "[secret]"
    assert load_unchecked(State, {"token": 7.0}).token == 7.0


def test_a_default_is_not_shared() -> None:
    class Tagged(Model):
        tags: dict[str, str] = Field(default_factory=dict)

    load_unchecked(Tagged, {}).tags["a"] = "b"
    assert load_unchecked(Tagged, {}).tags == {}


def test_a_marker_on_a_part_counts_for_the_whole() -> None:
    class Optional(Model):
        password: Sensitive[str] | None = None
        passwords: dict[str, Sensitive[str]] = Field(default_factory=dict)
        place: Unchangeable[str] | None = None

    assert fields(Optional, Secret) == {"password", "passwords"}
    assert fields(Optional, Replaces) == {"place"}
    assert marker(Optional, "password", Secret) == Secret()
    made = Optional(password="alakazam-1", passwords={"a": "alakazam-2"})
    assert "alakazam" not in repr(made)
    assert cleared("alakazam-1") == "[secret]"


@pytest.mark.parametrize("held", [True, False])
def test_what_the_program_gave_as_a_secret_is_cleared(held: bool) -> None:
    props = {
        "__sealed": [["tags", "a.b"], ["zones", "1"], ["gone", "x"], ["count"]],
        "tags": {"a.b": "planted-tag", "other": "shown-tag"},
        "zones": ["shown-zone", "planted-zone"],
        "count": 73500417,
    }
    found: Any = Sealed.model_validate(props) if held else load_unchecked(Sealed, props)
    text = "planted-tag, shown-tag, planted-zone, shown-zone, 73500417"
    assert cleared(text) == "[secret], shown-tag, [secret], shown-zone, [secret]"
    assert outputs(found)["__sealed"] == props["__sealed"]


class Sealed(Owned):
    tags: dict[str, str]
    zones: list[str]
    count: int
