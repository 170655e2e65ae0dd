"""YAML is read as it stands there; what is more than an inventory needs is refused by its place."""

from pathlib import Path

import pytest

from palette_backup_provider.fleet.document import (
    NO_ANCHORS,
    NO_TABS,
    QUOTE_KEY,
    BadInventory,
    read,
)
from tests.unit.fleet.conftest import Told, Write

REFUSED: dict[str, tuple[str | bytes, str]] = {
    "a tab": ("projects:\n\tshop: {}\n", f":2:1: {NO_TABS}."),
    "an anchor": ("defaults: &d {}\n", f":1:11: {NO_ANCHORS}."),
    "an alias": ("projects: {}\ndefaults: *d\n", f":2:11: {NO_ANCHORS}."),
    "a tag": ("projects: !!python/name:os.system\n", f":1:11: {NO_ANCHORS}."),
    "a key that is there twice": (
        "projects:\n  shop: {}\n  data: {}\n  shop: {}\n",
        ":4:3: the key 'shop' is in line 2 already.",
    ),
    "a key that is a number": (
        "projects: {2024: {}}\n",
        f":1:12: {QUOTE_KEY}.",
    ),
    "a key that is a map": (
        "projects: {{a: b}: {}}\n",
        f":1:12: {QUOTE_KEY}.",
    ),
    "a merge": ("projects: {<<: {}}\n", f":1:12: {QUOTE_KEY}."),
    "an end that is missing": (
        "projects: {a: [\n",
        ":2:1: expected the node content, but found '<stream end>'.",
    ),
    "two documents": (
        "projects: {}\n---\nprojects: {}\n",
        ":2:1: expected a single document in the stream, but found another document.",
    ),
    "depth": ("projects: " + "[" * 5000, ":1: is nested too deeply."),
    "a control character": ("projects: {}\n\x01", ":2: holds a character that YAML forbids."),
    "no UTF-8": (b"projects: {}\n# \xff\n", ":2: is not UTF-8."),
    "nothing": ("", ":1:1: must be a map, with `projects`."),
    "a list": ("- shop\n", ":1:1: must be a map, with `projects`."),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_with_its_place(write: Write, case: str) -> None:
    text, says = REFUSED[case]
    with pytest.raises(BadInventory) as caught:
        read(write(text))
    assert str(caught.value) == f"fleet.yaml{says}"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInventory, match=r"none\.yaml: cannot be read: No such file"):
        read(tmp_path / "none.yaml")


def test_values_are_what_they_look_like(write: Write) -> None:
    text = "\ufeffa: 1\nb: true\nc: ~\nd: 2026-11-01\ne: [x, {f: 1.5}]\ng: |\n  two\n  lines\n"
    found = read(write(text))
    assert found.data == {
        "a": 1,
        "b": True,
        "c": None,
        "d": "2026-11-01",
        "e": ["x", {"f": 1.5}],
        "g": "two\nlines\n",
    }
    assert found.mark(("e", 1, "f")) == (5, 9)
    assert found.mark(("e", 1, "missing")) == (5, 8)
    assert found.mark(("missing",)) == (1, 1)


def test_what_is_told_is_on_one_line_each(told: Told) -> None:
    (line,) = told('projects: {"a\\x1b[31m\\nb": 1}\n')
    assert line.isprintable()
