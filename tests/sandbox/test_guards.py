"""What is in use, holds data or is protected does not go by accident, and a preview says so."""

import pytest

from palette_backup_provider.core.text import plain
from palette_backup_provider.sandbox.run import Sandbox
from tests.bench.locations import program
from tests.sandbox.component import Component
from tests.sandbox.components import ANY, COMPONENTS
from tests.sandbox.control import Control
from tests.sandbox.refusals import told
from tests.sandbox.resource_types import types
from tests.sandbox.stack import Stack
from tests.unit.core.test_text import HOSTILE
from tests.unit.sandbox.visitor import body

HERE, THERE = ANY.must, ANY.elsewhere
BY_NAME = {each.name: each for each in COMPONENTS}
SIGNS_IN = [(name, *how) for each in types() for name, how in each.signs_in.items()]
CLUSTERS = [{"kind": "spectrocluster", "name": f"c{n}", "uid": f"uid-of-c{n}"} for n in (2, 1)]


def use(stack: Stack, *arguments: str) -> None:
    stack.program(ANY.call(", ".join(arguments)))


def ids(stack: Stack) -> set[str]:
    return {resource["id"] for resource in stack.resources()}


@pytest.mark.stress
def test_a_location_that_clusters_use(stack: Stack, control: Control, running: Sandbox) -> None:
    use(stack, HERE)
    stack.up()
    made = ANY.there(running)
    (location,) = control.locations()
    control.post("clusters", {"uid": location["uid"], "clusters": CLUSTERS})

    used = "clusters back up to it (c1, c2). Give them another location in Palette first."
    use(stack, THERE)
    for command in (stack.preview, stack.up):  # before the bucket is replaced
        told(command(ok=False), f"The location {location['name']} is not moved: {used}")
    assert ANY.there(running) == made
    use(stack, HERE, 'project="team-a"')
    replaced = f"The location {location['name']} is not replaced: {used}"
    assert replaced in stack.preview(ok=False).errors  # beside it stands that the note changes
    told(stack.destroy(ok=False), f"The location {location['name']} is not deleted: {used}")
    assert control.locations() == [location]
    use(stack, HERE)
    stack.unchanged()

    control.post("clusters", {"uid": location["uid"], "clusters": []})
    stack.destroy()
    assert not ANY.there(running) and not control.locations()


@pytest.mark.parametrize(("name", "argument", "property", "made"), SIGNS_IN)
@pytest.mark.sampled
def test_what_palette_signs_in_as_is_no_existing_one_of_what_made_it(
    stack: Stack, control: Control, name: str, argument: str, property: str, made: str
) -> None:
    component = BY_NAME[name]
    own = component.minimal()
    stack.program(own)
    stack.up()
    (identity,) = [r["outputs"][property] for r in stack.resources() if r["type"].endswith(made)]
    before = ids(stack)

    stack.program(component.minimal(f'{argument}="{identity}"'))
    for command in (stack.preview, stack.up):
        text = told(
            command(ok=False), f"this very resource made {identity}", f"Leave {argument} out"
        )
        assert text.count("\n") == 0
    assert ids(stack) == before
    stack.program(own)
    stack.unchanged()

    untried = f'{argument}="{identity}", probe=False, palette_validate=False'
    stack.program(own + component.minimal(untried, name="weekly"))
    stack.up()
    stack.unchanged()
    assert len(control.locations()) == 2
    stack.destroy()


def test_a_default_location_that_is_replaced(stack: Stack, control: Control) -> None:
    use(stack, HERE, "is_default=True")
    stack.up()
    (location,) = control.locations()
    announced = f"the location {location['name']} is the default of its scope and will be replaced"
    use(stack, HERE, "is_default=True", 'project="team-a"')
    assert announced in stack.preview().text
    use(stack, THERE, "is_default=True")
    assert announced not in stack.preview().text
    stack.destroy()


each_component = pytest.mark.parametrize("component", COMPONENTS)


@each_component
@pytest.mark.sampled
def test_protect(component: Component, stack: Stack, control: Control, running: Sandbox) -> None:
    stack.program(component.program_with(component.made, "protect=True"))
    stack.up()
    made = component.there(running)
    assert "it is protected" in " ".join(stack.destroy(ok=False).text.split())
    assert len(control.locations()) == 1 and component.there(running) == made
    stack.unchanged()

    stack.program(component.program_with(component.made))
    stack.up()
    stack.destroy()
    assert not component.there(running) and not control.locations()


@each_component
@pytest.mark.sampled
def test_retain_on_delete(
    component: Component, stack: Stack, control: Control, running: Sandbox
) -> None:
    stack.program(component.program_with(component.made, "retain_on_delete=True"))
    stack.up()
    made = component.there(running)
    (location,) = control.locations()
    stack.destroy()
    assert not stack.resources()
    assert component.there(running) == made
    assert control.locations() == [location]


def test_whose_place_a_default_takes_is_told_by_name(
    stack: Stack, control: Control, running: Sandbox
) -> None:
    """The name is somebody else's, and comes without what would steer a terminal."""
    store = running.store
    theirs = body(f"weekly{HOSTILE}", default=True)
    uid = store.create(store.projects["Default"], "s3", theirs).uid
    told = f"becomes the default of its scope in place of weekly{plain(HOSTILE)} ({uid})."
    stack.program(program(1, proven=False).replace("probe=", "is_default=True, probe="))
    for step in (stack.preview, stack.up):
        text = step().text
        assert text.partition("Diagnostics:")[2].count(f"location-0: {told}") == 1
        assert all(c.isprintable() or c == "\n" for c in text)
    stack.preview("--expect-no-changes")
    assert told not in stack.up().text and told not in stack.up("--refresh").text
    assert [at["uid"] for at in control.locations() if at["isDefault"]] != [uid]
    stack.destroy()
