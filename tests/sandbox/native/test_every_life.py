"""Each component lives its whole life from a program in YAML."""

from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from palette_backup_provider.core.text import camel
from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS
from tests.sandbox.control import Control
from tests.sandbox.native.yaml_stack import YamlStack

pytestmark = pytest.mark.stress


def arguments(text: str, **config: str) -> dict[str, Any]:
    """Arguments as a cloud writes them for programs in Python, in camelCase."""
    told = SimpleNamespace(get=config.get, get_secret=config.get)
    given = eval(f"dict({text})", {"config": told}).items()
    return {camel(name): value for name, value in given if value is not None}


def program(component: Component, given: dict[str, Any]) -> str:
    kind = f"palette-backup:index:{component.name}"
    return yaml.safe_dump({"resources": {"nightly": {"type": kind, "properties": given}}})


@pytest.mark.parametrize("component", COMPONENTS)
def test_from_nothing_to_nothing(
    component: Component, yaml_stack: YamlStack, control: Control, request: pytest.FixtureRequest
) -> None:
    stack, eyes = yaml_stack, request.getfixturevalue(component.cloud)
    made = arguments(component.configured)
    stack.program(program(component, made))
    stack.preview()
    assert eyes.nothing_left()
    stack.up()
    component.works(control, eyes)
    stack.settled()

    changed = made | arguments(component.configured, team="platform")
    stack.program(program(component, changed))
    assert {step["op"] for step in stack.steps().values()} == {"update"}
    stack.up()
    stack.settled()

    moved = changed | arguments(component.elsewhere)
    stack.program(program(component, moved))
    (before,) = control.locations()
    stack.up()
    (after,) = control.locations()
    assert after["uid"] == before["uid"]
    component.works(control, eyes)
    stack.settled()

    if component.rotates:
        assert component.credential
        stack.program(program(component, {**moved, "rotation": "2", "retireAfter": 0}))
        stack.up()
        (rotated,) = control.locations()
        assert component.credential.id(rotated) != component.credential.id(after)
        stack.up()  # the old credential goes
        component.works(control, eyes)
        stack.settled()

    stack.refresh()
    stack.unchanged()
    stack.destroy()
    assert not control.locations()
    assert eyes.nothing_left()
