from typing import Any

import pytest

from palette_backup_provider.engine.ignored import with_ignored
from palette_backup_provider.engine.wire import Bag
from tests.unit.engine.fake import State

OLDS: dict[str, Any] = {
    "__owner": "o",
    "days": 9,
    "goes_with": 1,
    "identity": {"profile": "old"},
    "tags": {"a.b": "old", "c": "old"},
    "door": {"house": "9", "key": {"kind": "login", "user": "me"}},
    "__sealed": [["tags", "c"]],
}
NEWS: dict[str, Any] = {
    "__owner": "n",
    "days": 7,
    "region": "eu",
    "tags": {"a.b": "new", "d": "new"},
    "door": {"house": "10", "key": {"kind": "login", "user": "you"}},
}


@pytest.mark.parametrize(
    ("path", "changed"),
    [
        ("days", {"days": 9}),
        ("region", {"region": None}),
        ("password", {}),
        ("tags", {"tags": OLDS["tags"], "__sealed": [["tags", "c"]]}),
        ('tags["a.b"]', {"tags": {"a.b": "old", "d": "new"}}),
        ("tags.c", {"tags": {**NEWS["tags"], "c": "old"}, "__sealed": [["tags", "c"]]}),
        ("tags.d", {"tags": {"a.b": "new"}}),
        ("tags.d.deeper", {}),
        ('["tags"]["*"]', {"tags": OLDS["tags"], "__sealed": [["tags", "c"]]}),
        ("tags[*]", {"tags": OLDS["tags"], "__sealed": [["tags", "c"]]}),
        ("tags[0]", {}),
        ("door.key.user", {"door": {"house": "10", "key": OLDS["door"]["key"]}}),
        ("door.color", {}),
        ("identity.profile", {}),
        ("nothing.of.ours", {}),
        ("", {}),
        ("*", {**OLDS, "__owner": "n", "region": None}),
    ],
)
def test_what_is_ignored_is_as_state_has_it(path: str, changed: dict[str, Any]) -> None:
    kept = with_ignored(State, [path], Bag(OLDS), Bag(NEWS)).props
    expected = {**NEWS, **changed}
    assert kept == {name: value for name, value in expected.items() if value is not None}


def test_what_is_ignored_is_known_and_no_secret_of_the_program() -> None:
    news = Bag(
        {"tags": {}, "__sealed": [["days"], ["region"]]}, {("days",), ("tags", "c"), ("tags", "d")}
    )
    kept = with_ignored(State, ["days", "tags.c"], Bag(OLDS), news)
    assert kept.props == {
        "days": 9,
        "tags": {"c": "old"},
        "__sealed": [["region"], ["tags", "c"]],
    }
    assert kept.unknown == {("tags", "d")}


def test_names_are_those_of_the_schema() -> None:
    kept = with_ignored(State, ["heldBy"], Bag({"held_by": "them"}), Bag({}))
    assert kept.props == {"held_by": "them"}


def test_without_the_option_nothing_is_touched() -> None:
    news = Bag(NEWS)
    assert with_ignored(State, [], Bag(OLDS), news) is news
