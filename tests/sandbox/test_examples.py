"""Every example, unchanged, on the real engine; for those with official packages, see there."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.components import COMPONENTS
from tests.sandbox.control import Control
from tests.sandbox.stack import Stack

EXAMPLES = Path(__file__).parents[2] / "examples"
OFFICIAL = Path(__file__).parents[1] / "official"
LANGUAGES = {"go", "java", "typescript", "yaml"}
"""For the plugin: `native/test_life.py` runs the one in YAML, and Pulumi's own hosts the others."""
ALL = {path.name for path in EXAMPLES.iterdir()} - LANGUAGES
OURS = sorted(name for name in ALL if not name.startswith("pulumi-"))
FIRST = {"all", "quickstart"}
"""The others are parts of `all`."""


@pytest.mark.parametrize(
    "example",
    [pytest.param(one, marks=() if one in FIRST else pytest.mark.stress) for one in OURS],
)
def test_it_runs_unchanged(
    new_stack: Callable[..., Stack],
    control: Control,
    running: Sandbox,
    example: str,
) -> None:
    folder = EXAMPLES / example
    about = folder / "Pulumi.yaml"
    named = about if about.exists() else EXAMPLES.parent / "Pulumi.yaml"
    stack = new_stack(project=yaml.safe_load(named.read_text())["name"])
    shutil.copytree(folder, stack.home, dirs_exist_ok=True)
    stack.up()
    kinds = sorted(location["kind"] for location in control.locations())
    program = (folder / "__main__.py").read_text()
    assert kinds == sorted(each.kind for each in COMPONENTS if f"{each.name}(" in program)
    stack.unchanged()
    stack.destroy()
    assert not control.locations()
    for component in COMPONENTS:
        assert not component.there(running)


@pytest.mark.parametrize("example", sorted(ALL - {*OURS}))
def test_an_example_with_an_official_package_has_its_own_test(example: str) -> None:
    assert (OFFICIAL / f"test_{example.replace('-', '_')}.py").exists()
