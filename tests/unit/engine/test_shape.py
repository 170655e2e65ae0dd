"""Names of properties from one spelling to the other."""

import pytest

from palette_backup_provider.engine.shape import (
    in_python,
    is_secret,
    names_beside,
    on_wire,
    path_on_wire,
)
from palette_backup_provider.resources.palette.location.state import BackupLocationState
from tests.unit.engine.fake import Login, State

KEY = {"kind": "login", "user": "me", "password": "pa55"}


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("is_default", "isDefault"),
        ('["is_default"]', '["isDefault"]'),
        ('storage["force_path_style"]', 'storage["forcePathStyle"]'),
        ("storage.credentials.access_key", "storage.credentials.accessKey"),
        ('labels["a_b"]', 'labels["a_b"]'),
        ("labels.a_b", "labels.a_b"),
        ("storage.*", "storage.*"),
        ("isDefault", "isDefault"),
        ("no_such_thing", "no_such_thing"),
        ("is_default-x", "is_default-x"),
        ("*", "*"),
        ("", ""),
    ],
)
def test_the_path_of_an_option_is_spelled_as_far_as_we_know_it(path: str, told: str) -> None:
    assert path_on_wire(BackupLocationState, path) == told


def test_what_cannot_be_told_apart_stays_as_it_is() -> None:
    assert on_wire(BackupLocationState, {"storage": {"kind": "other", "a_b": 1}}) == {
        "storage": {"kind": "other", "a_b": 1}
    }
    assert in_python({"s3": BackupLocationState}, {"kind": "other"}) == {"kind": "other"}


def test_names_beside_a_misspelt_one_are_told() -> None:
    assert "heldBy" in names_beside(State, "hel_by", {})
    assert "__owner" not in names_beside(State, "hel_by", {})
    assert names_beside(State, "door.x", {"door": {}}) == ["house", "color", "key"]
    assert list(names_beside(State, "tags.x.y", {"tags": {}})) == []


def test_what_the_model_marks_is_told() -> None:
    door = {"door": {"key": KEY}}
    assert is_secret(State, ("password",), {})
    assert is_secret(State, ("door", "key", "password"), door)
    assert not is_secret(State, ("door", "key"), door)
    assert not is_secret(State, ("door", "key", "user"), door)
    assert not is_secret(State, ("tags", "password"), {"tags": {}})
    assert is_secret(Login, ("password",), KEY)
