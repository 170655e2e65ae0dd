"""Before a commit runs what `make lint` runs, with the tools that every checkout has."""

import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CONFIG = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
HOOKS: list[dict[str, Any]] = [hook for repo in CONFIG["repos"] for hook in repo["hooks"]]
each_hook = pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert [repo["repo"] for repo in CONFIG["repos"]] == ["local"]
    assert {hook["language"] for hook in HOOKS} == {"system"}


@each_hook
def test_a_hook_runs_a_tool_of_the_environment(hook: dict[str, Any]) -> None:
    tool, *arguments = hook["entry"].split()
    assert Path(tool).parent == Path(".venv/bin")
    assert Path(sys.executable).with_name(Path(tool).name).exists(), f"{tool} is not installed"
    match arguments:
        case ["-m", module]:
            assert find_spec(module), f"there is no {module}"


@each_hook
def test_a_hook_reads_the_whole_project(hook: dict[str, Any]) -> None:
    assert hook["pass_filenames"] is False, "a change in one file breaks others"


def test_the_hooks_are_those_of_make_lint() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (recipe,) = re.findall(r"^lint:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    commands = re.findall(r"^\t@\$\(BIN\)/(.+)$", recipe, re.MULTILINE)
    assert [hook["entry"] for hook in HOOKS] == [f".venv/bin/{one}" for one in commands]
