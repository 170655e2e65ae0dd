"""What GitHub reads of this repository is there, and asks for what a report needs."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
FORMS = [GITHUB / "ISSUE_TEMPLATE/bug.yml", GITHUB / "ISSUE_TEMPLATE/feature.yml"]
LINK = re.compile(r"\]\(([^):#]+)\)")


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def elements(form: Path) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in load(form)["body"] if one["type"] != "markdown"}


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_a_form_is_one_that_github_takes(form: Path) -> None:
    parsed = load(form)
    assert parsed.keys() >= {"name", "description", "body"}
    asked = [one for one in parsed["body"] if one["type"] != "markdown"]
    assert {one["type"] for one in asked} <= {"textarea", "input", "dropdown", "checkboxes"}
    assert len(elements(form)) == len({one["attributes"]["label"] for one in asked}) == len(asked)
    for one in asked:
        options = one["attributes"].get("options", [])
        kind = dict if one["type"] == "checkboxes" else str
        assert all(isinstance(each, kind) for each in options), "a bare Yes is no text in YAML"


def test_a_bug_comes_with_what_it_takes_to_see_it() -> None:
    asked = elements(GITHUB / "ISSUE_TEMPLATE/bug.yml")
    required = {name for name, one in asked.items() if one.get("validations", {}).get("required")}
    assert required == {"happened", "output", "cloud", "version", "pulumi"}
    assert asked["secrets"]["attributes"]["options"][0]["required"]
    assert "Never paste a secret" in (GITHUB / "ISSUE_TEMPLATE/bug.yml").read_text()


def test_every_form_is_checked() -> None:
    files = set((GITHUB / "ISSUE_TEMPLATE").iterdir())
    assert files == {*FORMS, GITHUB / "ISSUE_TEMPLATE/config.yml"}


def test_a_vulnerability_is_no_issue() -> None:
    config = load(GITHUB / "ISSUE_TEMPLATE/config.yml")
    assert config["blank_issues_enabled"] is False
    assert [link["name"] for link in config["contact_links"]] == ["A vulnerability"]


def test_dependencies_are_looked_at_every_week_in_one_change() -> None:
    updates = {one["package-ecosystem"]: one for one in load(GITHUB / "dependabot.yml")["updates"]}
    assert updates.keys() == {"pip", "github-actions"}
    for one in updates.values():
        assert one["schedule"] == {"interval": "weekly"}
        assert [group["patterns"] for group in one["groups"].values()] == [["*"]]
        assert "registries" not in one, "where packages come from is the user's to say"


def test_every_change_has_a_team_that_reviews_it() -> None:
    lines = (GITHUB / "CODEOWNERS").read_text().splitlines()
    rules = [line.split() for line in lines if line and not line.startswith("#")]
    assert rules[0][0] == "*"
    assert all(re.fullmatch(r"@[\w-]+/[\w-]+", owner) for _, *owners in rules for owner in owners)


@pytest.mark.parametrize("page", sorted(GITHUB.glob("*.md")), ids=lambda path: path.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text()):
        assert (page.parent / target).exists(), target
