"""Every workflow, ours and those that users copy: its forge takes it, and it asks for little."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.release import actionlint

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
OURS = sorted((ROOT / ".github/workflows").glob("*.yml"))
COPIED = sorted(path for path in (ROOT / "workflows").rglob("*.yml"))
ON_GITHUB = [*OURS, *(path for path in COPIED if path.parent.name == "github")]
ELSEWHERE = [path for path in COPIED if path not in ON_GITHUB]
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*$")


def said(*command: str | Path) -> str:
    """What a tool finds; it finds nothing to be clean."""
    done = subprocess.run(
        [*map(str, command)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return "" if done.returncode == 0 else done.stdout


def test_actionlint_finds_nothing() -> None:
    if not (go := shutil.which("go")):
        pytest.skip("no Go to build actionlint with")
    assert said(actionlint.program(go), "-no-color", *ON_GITHUB) == ""


def test_zizmor_finds_nothing() -> None:
    quiet = ("--offline", "--no-progress", "--color", "never")
    assert said(TOOLS / "zizmor", *quiet, ".github", *ON_GITHUB) == ""


@pytest.mark.parametrize("path", ELSEWHERE, ids=lambda path: path.name)
def test_other_forges_take_their_files(path: Path) -> None:
    schema = f"vendor.{path.stem.lstrip('.')}"
    told = ("--regex-variant", "nonunicode", "--builtin-schema", schema)
    assert said(TOOLS / "check-jsonschema", *told, path) == ""


@pytest.mark.parametrize(
    ("file", "schema"),
    [("dependabot.yml", "dependabot"), ("ISSUE_TEMPLATE/config.yml", "github-issue-config")],
)
def test_github_takes_what_is_no_workflow(file: str, schema: str) -> None:
    schema = f"vendor.{schema}"
    path = ROOT / ".github" / file
    told = ("--regex-variant", "nonunicode", "--builtin-schema", schema)
    assert said(TOOLS / "check-jsonschema", *told, path) == ""


@pytest.mark.parametrize("path", ON_GITHUB, ids=lambda path: path.stem)
def test_actions_are_pinned_and_permissions_are_asked_for_by_job(path: Path) -> None:
    text = path.read_text()
    for line in text.splitlines():
        assert "uses:" not in line or PINNED.search(line), line
    workflow: Any = yaml.safe_load(text)
    assert workflow["permissions"] in ({}, {"contents": "read"})
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


def test_only_the_job_that_publishes_can_say_who_it_is() -> None:
    workflow: Any = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
    assert workflow[True] == {"push": {"tags": ["v*"]}}  # YAML 1.1 takes `on` for true
    asked = {name: job["permissions"] for name, job in workflow["jobs"].items()}
    assert asked == {
        "build": {"contents": "read"},
        "install": {},
        "publish": {"id-token": "write"},
        "release": {"contents": "write"},
    }
    publish = workflow["jobs"]["publish"]
    assert publish["environment"]["name"] == "pypi"
    assert not any("run" in step for step in publish["steps"]), "nothing of ours has its identity"
    assert workflow["jobs"]["release"]["needs"] == "publish"
