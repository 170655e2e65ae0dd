"""What a reviewer reads before each of five runs of a component's life, kept as text.

Whoever changes a property reads the difference to these files line by line. They are written anew
by

    WRITE_PREVIEWS=1 python -m pytest tests/sandbox/test_previews.py -m "stress or not stress"
"""

import os
from pathlib import Path

import pytest

from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS
from tests.sandbox.previews import Normal
from tests.sandbox.stack import PAST, Stack
from tests.sandbox.test_every_rotation import rotating

STRAYS = "that this stack's state does not know"
FOLDER = Path(__file__).parent / "previews"


@pytest.mark.parametrize("life", COMPONENTS)
@pytest.mark.sampled
def test_a_preview_reads_as_it_did(life: Component, stack: Stack) -> None:
    normal, wrong = Normal(), list[str]()

    def preview(step: str) -> None:
        shown = normal(stack.preview("--diff", "--parallel", "1").text)
        file = FOLDER / life.name / f"{step}.txt"
        if os.environ.get("WRITE_PREVIEWS"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(shown)
        if not file.exists() or file.read_text() != shown:
            wrong.append(f"{file.name}:\n{shown}")

    stack.program(rotating(life) if life.credential else life.program)
    preview("1-first")
    stack.up()
    if life.credential:
        stack.set("rotation", "one")
        preview("2-rotation")
        stack.up()
        stack.edit(life.credential.token, retiring_until=PAST)
        preview("3-retirement")
        stack.up()
        stack.set("rotation", "two")
        preview("4-second-rotation")
        assert STRAYS not in stack.up().text
    stack.unchanged()
    stack.program("")
    preview("5-removal")
    assert not wrong, "\n".join(wrong)
