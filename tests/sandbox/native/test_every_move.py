"""Every component moves from one adapter to the other and back, also out of a stored export of an
earlier release, and nothing remote is touched."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS
from tests.sandbox.control import Control
from tests.sandbox.native.yaml_stack import install
from tests.sandbox.releases import FOLDER, Restore, restore
from tests.sandbox.stack import Stack

__all__ = ["restore"]
pytestmark = pytest.mark.stress
Move = Callable[[str], None]


@pytest.fixture
def move(stack: Stack, running: Sandbox, control: Control, tmp_path: Path) -> Move:
    """Move the stack to the plugin (`true`) or back (`false`), and see that nothing else moves."""
    path = os.pathsep.join((str(install(tmp_path / "plugin")), stack.environment["PATH"]))
    stack.environment = {**stack.environment, "PATH": path}

    def there() -> Any:
        keys = [each.keys(running) for each in COMPONENTS if each.rotates]
        return [each.there(running) for each in COMPONENTS], keys, control.locations()

    def to(native: str) -> None:
        before = there()
        stack.set("palette:native", native)
        assert stack.up().changes.keys() <= {"updated", "unchanged"}
        assert there() == before
        stack.unchanged()

    return to


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_moves_and_moves_back(
    component: Component, stack: Stack, running: Sandbox, control: Control, move: Move
) -> None:
    """With a retired credential, where one rotates."""
    stack.program(component.program_with(component.made))
    stack.up()
    if component.rotates:
        stack.program(component.program_with(component.rotated))
        stack.up()
    move("true")
    move("false")
    stack.destroy()
    assert not component.there(running)
    assert not control.locations()


@pytest.mark.parametrize("release", [*FOLDER.glob("*.json")], ids=lambda file: file.stem)
def test_a_stack_of_an_earlier_release_moves(
    release: Path, restore: Restore, stack: Stack, running: Sandbox, control: Control, move: Move
) -> None:
    """It is upgraded first, and by the adapter that made it."""
    restore(json.loads(release.read_text()))
    stack.up()
    stack.up()
    move("true")
    move("false")
    stack.destroy()
    assert not any(each.there(running) for each in COMPONENTS)
    assert not control.locations()
