"""Tag, version, changelog and templates say the same."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
SCRIPT = ROOT / ".ci/release-notes"
NOTES = "### Added\n\n- Something."
CHANGELOG = (
    f"# Changelog\n\n## [0.1.0] - 2026-12-01\n\n{NOTES}\n\n## [0.0.1] - 2026-01-01\n\n- Old.\n"
)


@pytest.fixture(scope="module")
def notes() -> Any:
    return run_path(str(SCRIPT))["main"]


def test_a_release_says_what_the_changelog_says(notes: Any) -> None:
    assert notes("v0.1.0", CHANGELOG, "0.1.0") == NOTES


@pytest.mark.parametrize(
    ("tag", "version", "date", "says"),
    [
        ("0.1.0", "0.1.0", "2026-12-01", "The tag is 0.1.0, and pyproject.toml has the version"),
        ("v0.2.0", "0.1.0", "2026-12-01", "tag v0.1.0"),
        ("v0.2.0", "0.2.0", "2026-12-01", "Write '[0.2.0] - ' and the day"),
        ("v0.1.0", "0.1.0", "Unreleased", "heading of CHANGELOG.md is '[0.1.0] - Unreleased'"),
    ],
)
def test_what_does_not_agree_is_not_released(
    notes: Any, tag: str, version: str, date: str, says: str
) -> None:
    with pytest.raises(SystemExit, match=re.escape(says)):
        notes(tag, CHANGELOG.replace("2026-12-01", date), version)


def test_the_script_reads_what_is_here() -> None:
    told = subprocess.run(
        [sys.executable, SCRIPT, "v99.0.0"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 1
    assert told.stderr.strip().endswith(f"tag v{PROJECT['version']}.")


def test_the_package_says_where_it_is_from_and_what_it_runs_on() -> None:
    assert PROJECT["urls"].keys() == {"Repository", "Documentation", "Changelog", "Issues"}
    oldest = PROJECT["requires-python"].removeprefix(">=3.")
    pythons = [one.rpartition(" ")[2] for one in PROJECT["classifiers"] if ":: 3." in one]
    assert pythons == [f"3.{minor}" for minor in range(int(oldest), 15)]
    matrix = re.search(r"python: (\[.*\])", (ROOT / ".github/workflows/release.yml").read_text())
    assert matrix and matrix[1] == f'["{pythons[0]}", "{pythons[-1]}"]'


@pytest.mark.parametrize("path", sorted(ROOT.glob("templates/*/requirements.txt")), ids=str)
def test_a_template_allows_this_version_and_no_breaking_one(path: Path) -> None:
    (line,) = path.read_text().splitlines()
    asked, version = Requirement(line), Version(PROJECT["version"])
    assert asked.name == PROJECT["name"]
    assert asked.extras < {*PROJECT["optional-dependencies"]}
    assert version in asked.specifier
    breaking = f"0.{version.minor + 1}" if version.major == 0 else f"{version.major + 1}"
    assert Version(breaking) not in asked.specifier
