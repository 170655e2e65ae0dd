"""Settings of our own, on the real engine."""

from collections.abc import Callable

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.components import ANY
from tests.sandbox.refusals import told
from tests.sandbox.stack import Stack


def test_a_misspelt_setting_of_ours_is_told_in_preview(stack: Stack, running: Sandbox) -> None:
    stack.program(ANY.program)
    stack.set("palette:projct", "team-a")
    told(stack.preview(ok=False), "palette:projct is no setting: do you mean palette:project?")
    stack.program("palette.get_backup_location('nightly')")
    told(stack.preview(ok=False), "palette:projct is no setting: do you mean palette:project?")
    assert not ANY.there(running)


def test_a_project_that_is_called_as_we_are_has_settings_of_its_own(
    new_stack: Callable[..., Stack],
) -> None:
    stack = new_stack(project="palette")
    stack.program(f"print(config.require('projct'))\n{ANY.program}")
    stack.set("projct", "its-own")
    assert "its-own" in stack.preview().text
