"""docs/decisions has a page for each decision, in one form, and what a page names is there."""

import re
from pathlib import Path

import pytest

from tests.contract.pages import ROOT, missing, section

RECORDS = sorted((ROOT / "docs/decisions").glob("*.md"))
FORM = ["Context", "Decision", "What was weighed", "Consequences", "How it is held"]
A_PAGE = 850
"""Words, those of tables included."""
HELD_BY = re.compile(r"`(?:tests/[\w/]+\.py(?:::\w+)?|pyproject\.toml)`")
each_record = pytest.mark.parametrize("page", RECORDS, ids=lambda page: page.stem)


@each_record
def test_it_has_the_form_of_all(page: Path) -> None:
    assert re.findall(r"(?m)^## (.+)$", page.read_text()) == FORM


@each_record
def test_it_is_a_page(page: Path) -> None:
    words = re.findall(r"[^\s|]*\w[^\s|]*", page.read_text())
    assert len(words) <= A_PAGE


@each_record
def test_what_it_names_is_there(page: Path) -> None:
    told = "\n".join(missing(page))
    assert not told, told


@each_record
def test_it_says_what_was_good_and_bad_of_it(page: Path) -> None:
    told = section(page, "Consequences")
    assert "Good:" in told and "Bad:" in told


@each_record
def test_each_line_of_what_holds_it_names_a_test(page: Path) -> None:
    lines = re.split(r"(?m)^- ", section(page, FORM[-1]))[1:]
    assert lines
    for line in lines:
        assert HELD_BY.search(line), line


def test_the_architecture_leads_to_each() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    assert sorted(re.findall(r"\]\(decisions/([\w-]+\.md)\)", text)) == [p.name for p in RECORDS]
