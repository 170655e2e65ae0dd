"""A destroy or a removal that is refused leaves all as it was, and the ways out work from there."""

from typing import Any

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS
from tests.sandbox.control import Control
from tests.sandbox.crash.checks import LOCATION, in_state, works
from tests.sandbox.drift_by_hand import OtherOperator
from tests.sandbox.refusals import change, told
from tests.sandbox.stack import Stack

STAYS = "PALETTE_STORAGE_STAYS"
HOLDS = ("holds", "force_destroy=True", "nothing was changed", f"{STAYS}=true")
each_component = pytest.mark.parametrize("component", COMPONENTS)


def use(component: Component, stack: Stack, more: str = "") -> None:
    """The component, with an old credential that is kept if it rotates."""
    arguments = component.rotated if component.rotates else component.made
    stack.program(f'{component.name}("nightly", {component.name}Args({arguments}{more}))')


@pytest.fixture
def filled(
    component: Component,
    stack: Stack,
    running: Sandbox,
    control: Control,
    monkeypatch: pytest.MonkeyPatch,
) -> Component:
    """A component with backups, which it may not delete."""
    for name, value in running.env.items():  # the checks below use the operator's
        monkeypatch.setenv(name, value)
    stack.program(f'{component.name}("nightly", {component.name}Args({component.made}))')
    stack.up()
    use(component, stack)
    stack.up()
    OtherOperator(running.env, control).back_up(component)
    return component


@each_component
@pytest.mark.stress
def test_a_refusal_undoes_nothing(
    filled: Component, stack: Stack, running: Sandbox, control: Control
) -> None:
    def there() -> Any:
        return filled.there(running), control.locations(), {r["urn"] for r in stack.resources()}

    before, location = there(), stack.urn(LOCATION)
    for flags in ((), ("--continue-on-error",), ("--refresh",), ("--target", location)):
        told(stack.destroy(*flags, ok=False), *HOLDS)
        assert there() == before
    for flags in ((), ("--refresh",), ("--run-program",)):  # the engine asks no provider
        assert "force_destroy" not in stack.run("destroy", "--preview-only", *flags).text
    stack.program("")
    assert "force_destroy" not in stack.preview().text
    told(stack.up(ok=False), *HOLDS, "If it left the program, put it back first.")
    assert there() == before
    use(filled, stack)
    stack.unchanged()
    works(control, *in_state(stack))

    use(filled, stack, ", force_destroy=True")
    assert {step["op"] for step in stack.steps().values()} == {"update"}
    stack.up()
    assert [one["uid"] for one in control.locations()] == [one["uid"] for one in before[1]]
    stack.destroy()
    assert not (stack.resources() or filled.there(running) or control.locations())


@each_component
@pytest.mark.sampled
def test_a_location_goes_without_its_storage(
    filled: Component, stack: Stack, running: Sandbox, control: Control
) -> None:
    made = filled.there(running)
    change(stack, **{STAYS: "true"})
    stack.destroy("--target", stack.urn(LOCATION))
    assert filled.there(running) == made
    assert not control.locations()
    change(stack, **{STAYS: None})

    use(filled, stack, ", force_destroy=True")
    stack.up()
    works(control, *in_state(stack))
    stack.destroy()
    assert not (stack.resources() or filled.there(running) or control.locations())
