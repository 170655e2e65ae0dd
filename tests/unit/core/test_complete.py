from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from palette_backup_provider.core.complete import DraftState, UnknownValue, complete
from palette_backup_provider.core.markers import (
    AutoNamed,
    Computed,
    Derived,
    FromSetting,
    Replaces,
    Unchangeable,
)
from palette_backup_provider.core.model import Model, Owned
from palette_backup_provider.core.settings import Settings


class Disk(Model):
    kind: Literal["disk"] = "disk"
    path: str
    size: int = 10
    label: str | None = None

    @property
    def where(self) -> str:
        return f"disk at {self.path}"


class State(Owned):
    region: Unchangeable[str]
    kms: Annotated[str | None, Replaces()] = None
    name: Annotated[str, Replaces(), AutoNamed(63)]
    arn: Annotated[str, Derived()]
    policy: Annotated[str, Derived()]
    later: Annotated[str, Replaces()] = "x"
    days: int = 30
    note: str | None = None
    path: Annotated[str, FromSetting("palette:path")] = "/"
    boundary: Annotated[str | None, FromSetting("palette:boundary")] = None
    tags: Annotated[dict[str, str], FromSetting("palette:tags")] = Field(default_factory=dict)
    disk: Disk | None = None
    token: Annotated[str, Computed()] = ""

    @property
    def title(self) -> str:
        return f"{self.name} for {self.days} days"


def facts(want: Any) -> Mapping[str, Callable[[], Any]]:
    return {
        "made_under": lambda: "1234",
        "arn": lambda: f"arn:{want.made_under}:{want.name}",
        "policy": lambda: f"allow {want.arn}",
    }


PROPS = {"__owner": "o/p/s/nightly:ab12cd", "region": "eu"}


def filled_in(
    props: Mapping[str, Any] = PROPS,
    before: Mapping[str, Any] | None = None,
    *,
    unknown: set[str] | None = None,
    config: Mapping[str, str] | None = None,
    facts: Any = facts,
) -> dict[str, Any]:
    settings = Settings((config or {}).get, {})
    return complete(
        State, props, unknown if unknown is not None else set(), before or {}, settings, facts
    )


def test_everything_that_can_be_told_is_filled_in() -> None:
    whole = filled_in()
    name = whole["name"]
    assert name.startswith("nightly-")
    assert whole == {
        **PROPS,
        "__lineage": "",
        "__made_under": "1234",
        "name": name,
        "arn": f"arn:1234:{name}",
        "policy": f"allow arn:1234:{name}",
        "later": "x",
        "days": 30,
        "path": "/",
        "tags": {},
    }


def test_what_the_user_says_stays() -> None:
    said = {**PROPS, "name": "mine", "days": 7, "path": "/mine/", "later": "y"}
    assert filled_in(said).items() >= said.items()


def test_without_facts_no_name_is_made() -> None:
    assert not {"name", "arn", "__made_under"} & filled_in(facts=None).keys()


def test_inputs_are_not_changed() -> None:
    props = {**PROPS, "tags": {"a": "b"}, "disk": {"path": "/"}}
    filled_in(props, config={"palette:tags": '{"c": "d"}'})
    assert props == {**PROPS, "tags": {"a": "b"}, "disk": {"path": "/"}}


@pytest.mark.parametrize(
    "other",
    [
        {"__owner": "o/p/s/weekly:ab12cd"},
        {"__owner": "o/p/s/nightly:ffffff"},
        {"__owner": "o/p/prod/nightly:ab12cd"},
        {"region": "us"},
        {"kms": "key"},
    ],
)
def test_owner_and_replacing_fields_before_it_seed_a_name(other: dict[str, str]) -> None:
    assert filled_in({**PROPS, **other})["name"] != filled_in()["name"]


def test_the_account_seeds_a_name() -> None:
    def elsewhere(want: Any) -> Mapping[str, Callable[[], Any]]:
        return {**facts(want), "made_under": lambda: "5678"}

    assert filled_in(facts=elsewhere)["name"] != filled_in()["name"]


@pytest.mark.parametrize("other", [{"later": "z"}, {"days": 7}, {"tags": {"a": "b"}}])
def test_nothing_else_seeds_a_name(other: dict[str, Any]) -> None:
    assert filled_in({**PROPS, **other})["name"] == filled_in()["name"]


def test_a_prefix_from_the_settings_begins_a_name() -> None:
    name = filled_in(config={"palette:namePrefix": "acme-"})["name"]
    assert name.startswith("acme-nightly-")


@pytest.mark.parametrize(
    ("props", "config"),
    [
        ({"__owner": "new/names/everywhere/weekly:000000"}, {}),
        ({}, {"palette:namePrefix": "acme-"}),
        ({"days": 7, "later": "z"}, {}),
    ],
)
def test_a_name_is_sticky(props: dict[str, Any], config: dict[str, str]) -> None:
    before = {**filled_in(), "name": "as-it-was"}
    assert filled_in({**PROPS, **props}, before, config=config)["name"] == "as-it-was"


@pytest.mark.parametrize("props", [{"region": "us"}, {"kms": "key"}])
def test_a_replacing_field_makes_a_new_name(props: dict[str, Any]) -> None:
    before = {**filled_in(), "name": "as-it-was"}
    new = {**PROPS, **props}
    assert filled_in(new, before)["name"] == filled_in(new)["name"] != "as-it-was"


def test_a_replacing_field_that_is_left_out_again_makes_a_new_name() -> None:
    before = {**filled_in({**PROPS, "kms": "key"}), "name": "as-it-was"}
    assert filled_in(PROPS, before)["name"] == filled_in()["name"]


def test_the_name_of_what_was_existing_is_not_kept_for_what_is_made() -> None:
    before = {**filled_in(), "name": "bob", "existing": True}
    assert filled_in(PROPS, before)["name"] == filled_in()["name"]


def test_a_setting_fills_what_is_left_out() -> None:
    config = {"palette:path": "/org/", "palette:boundary": "arn:b"}
    whole = filled_in(config=config)
    assert (whole["path"], whole["boundary"]) == ("/org/", "arn:b")
    assert filled_in({**PROPS, "path": "/mine/"}, config=config)["path"] == "/mine/"


def test_a_map_is_merged_with_its_setting_and_the_user_wins() -> None:
    config = {"palette:tags": '{"team": "org", "cost": "1"}'}
    whole = filled_in({**PROPS, "tags": {"team": "mine", "a": "b"}}, config=config)
    assert whole["tags"] == {"team": "mine", "cost": "1", "a": "b"}
    assert filled_in(config=config)["tags"] == {"team": "org", "cost": "1"}


@pytest.mark.parametrize("props", [{"tags": "no map"}, {"disk": "no map"}, {"disk": ["no map"]}])
def test_a_value_of_the_wrong_shape_is_left_to_the_rules(props: dict[str, Any]) -> None:
    config = {"palette:tags": '{"a": "b"}'}
    assert filled_in({**PROPS, **props}, config=config).items() >= props.items()


def test_nested_models_get_their_defaults() -> None:
    whole = filled_in({**PROPS, "disk": {"path": "/srv"}})
    assert whole["disk"] == {"path": "/srv", "kind": "disk", "size": 10}


def test_an_unknown_nested_field_gets_no_default() -> None:
    unknown = {"disk.size"}
    whole = filled_in({**PROPS, "disk": {"path": "/srv"}}, unknown=unknown)
    assert whole["disk"] == {"path": "/srv", "kind": "disk"}
    assert unknown == {"disk.size"}


def test_what_depends_on_something_unknown_is_unknown_too() -> None:
    unknown = {"region"}
    whole = filled_in({"__owner": PROPS["__owner"]}, unknown=unknown)
    assert unknown == {"region", "name", "arn", "policy"}
    assert not unknown & whole.keys()
    assert whole["__made_under"] == "1234"


def test_what_does_not_depend_on_it_stays_known() -> None:
    unknown = {"tags.a", "days"}
    whole = filled_in(PROPS, unknown=unknown)
    assert unknown == {"tags.a", "days"}
    assert whole["policy"] == filled_in()["policy"]
    assert "days" not in whole


def test_an_unknown_account_leaves_names_open() -> None:
    def nowhere(want: Any) -> Mapping[str, Callable[[], Any]]:
        def made_under() -> str:
            raise UnknownValue("__made_under")

        return {**facts(want), "made_under": made_under}

    unknown: set[str] = set()
    filled_in(unknown=unknown, facts=nowhere)
    assert unknown == {"__made_under", "name", "arn", "policy"}


def test_nested_unknown_reaches_what_is_derived_from_it() -> None:
    def of_disk(want: Any) -> Mapping[str, Callable[[], Any]]:
        return {**facts(want), "arn": lambda: want.disk.where}

    unknown = {"disk.path"}
    filled_in({**PROPS, "disk": {"size": 1}}, unknown=unknown, facts=of_disk)
    assert unknown == {"disk.path", "arn", "policy"}
    known = filled_in({**PROPS, "disk": {"path": "/srv"}}, facts=of_disk)
    assert known["policy"] == "allow disk at /srv"


def test_a_draft_reads_like_the_model() -> None:
    draft: Any = DraftState(State, {"__owner": "o/p/s/x:1", "name": "n", "days": 2}, set())
    assert (draft.owner, draft.name, draft.note) == ("o/p/s/x:1", "n", None)
    assert (draft.logical, draft.title) == ("x", "n for 2 days")
    assert draft.stack == "o/p/s"
    with pytest.raises(AttributeError):
        _ = draft.nothing


def test_a_property_of_something_unknown_is_unknown() -> None:
    draft: Any = DraftState(State, {"name": "n"}, {"days"})
    with pytest.raises(UnknownValue):
        _ = draft.title


@given(st.sets(st.sampled_from(["region", "kms", "name", "days", "tags", "disk.path"])))
def test_completing_twice_changes_nothing(unknown: set[str]) -> None:
    props = {k: v for k, v in PROPS.items() if k not in unknown}
    open_: set[str] = set(unknown)
    once = filled_in(props, unknown=open_)
    again = set(unknown)
    given_back = {k: v for k, v in once.items() if k not in ("arn", "policy")}
    assert filled_in(given_back, once, unknown=again) == once
    assert again == open_


class Placed(Owned):
    disk: Annotated[Disk, Replaces()]
    name: Annotated[str, Replaces(), AutoNamed(63)]


def test_a_name_waits_for_all_of_what_replaces() -> None:
    unknown = {"disk.path"}
    props = {"__owner": PROPS["__owner"], "disk": {"kind": "disk"}}
    whole = complete(Placed, props, unknown, {}, Settings(lambda _: None, {}), lambda _: {})
    assert "name" in unknown and not whole.get("name")
