"""docs/reference is as the code is, and explains every property that a preview can show."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.reference_pages import FOLDER, PREVIEWS, TYPES, pages, shown, title
from tests.contract.test_every_type import nested

RESOURCE = re.compile(r"dynamic/(\w+:\w+): \(")
PROPERTY = re.compile(r"([ +~-]+)(\w+) *: ")
UNSET = {"kind", "force_path_style"}
"""What tells one kind of a nested object from another, and what no identity can set."""
each_type = pytest.mark.parametrize("kind", TYPES, ids=title)


def test_the_pages_are_those_of_the_code() -> None:
    there = {page.name: page.read_text() for page in FOLDER.iterdir()}
    assert there == pages(), "run `python -m tests.contract.reference_pages`"


def explained(type: str) -> set[str]:
    """What the page of a type has an entry for."""
    text = (FOLDER / f"{type.replace(':', '.')}.md").read_text()
    return set(re.findall(r"(?m)^- `(\w+)`(?: \(.*?\))?: \S", text))


@each_type
def test_each_property_that_a_preview_can_show_is_explained(kind: Any) -> None:
    state = kind.handler.state_type
    within = {name for model in nested(state) if model is not state for name in shown(model)}
    assert {*shown(state), *within} - UNSET <= explained(kind.token)


def seen(preview: str) -> Iterator[tuple[str, str]]:
    """Each property that a preview shows of our resources, and of storage what is within it too."""
    type, depth, property = "", 0, ""
    for line in preview.splitlines():
        if found := RESOURCE.search(line):
            type, depth, property = found[1], 0, ""
        elif re.match(r"[+ -]*\w+:\w+:\w+: \(|\w", line):
            type = ""
        elif type and (found := PROPERTY.match(line)):
            depth = depth or len(found[1])
            property = found[2] if len(found[1]) == depth else property
            if len(found[1]) == depth or property == "storage":
                yield type, found[2]


def test_each_property_that_a_recorded_preview_shows_is_explained() -> None:
    found = {one for page in PREVIEWS.glob("*/*.txt") for one in seen(page.read_text())}
    assert ("palette:BackupLocation", "secret_key") in found
    assert "made_on" in {name for _, name in found}
    kinds = {type for type, _ in found}
    assert not found - {(type, name) for type in kinds for name in explained(type) | {"kind"}}
