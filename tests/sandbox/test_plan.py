"""What a preview saves as its plan is what `pulumi up --plan` does, also in a new stack."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS
from tests.sandbox.native.yaml_stack import install
from tests.sandbox.stack import Stack

pytestmark = pytest.mark.stress


@pytest.mark.parametrize("native", ["false", "true"])
@pytest.mark.parametrize("component", COMPONENTS)
def test_a_plan_is_kept(
    component: Component, native: str, new_stack: Callable[..., Stack], tmp_path: Path
) -> None:
    stack = new_stack()
    path = os.pathsep.join((str(install(tmp_path / "plugin")), stack.environment["PATH"]))
    stack.environment = {**stack.environment, "PATH": path, "PULUMI_EXPERIMENTAL": "true"}
    stack.set("palette:native", native)
    for arguments in (component.made, component.updated):
        stack.program(component.program_with(arguments))
        stack.preview("--save-plan", "plan.json")
        stack.up("--plan", "plan.json")
        stack.settled()
    stack.destroy()
