"""CHANGELOG.md has a section for each version, and that of pyproject.toml is the first."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CHANGELOG.md").read_text()
GROUPS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
VERSION = re.compile(r"^## \[(\d+)\.(\d+)\.(\d+)\] - (Unreleased|\d{4}-\d{2}-\d{2})$")


def test_versions_are_in_order_and_ours_is_the_first() -> None:
    headings = [line for line in TEXT.splitlines() if line.startswith("## ")]
    headings = headings[headings[0] == "## [Unreleased]" :]
    found = [VERSION.match(line) for line in headings]
    assert all(found), headings
    versions = [tuple(int(part) for part in one.groups()[:3]) for one in found if one]
    assert all(newer > older for newer, older in pairwise(versions))
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert ".".join(map(str, versions[0])) == ours
    assert [one[4] for one in found[1:] if one and one[4] == "Unreleased"] == []


def test_changes_are_grouped_as_keep_a_changelog_has_it() -> None:
    for section in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        groups = re.findall(r"^### (.*)$", section, re.MULTILINE)
        assert groups == [group for group in GROUPS if group in groups]
        for group in re.split(r"^### .*\n", section, flags=re.MULTILINE)[1:]:
            assert group.startswith("\n- ")
