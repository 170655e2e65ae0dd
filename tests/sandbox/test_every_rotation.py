"""What every component that rotates leaves of the credentials that Palette was ever given."""

from typing import Any

import pytest

from tests.sandbox.component import Component, Credential
from tests.sandbox.components import COMPONENTS, ROTATING
from tests.sandbox.control import Control
from tests.sandbox.stack import PAST, Stack


def test_every_component_that_rotates_is_asked() -> None:
    assert [each for each in COMPONENTS if each.rotates] == ROTATING


@pytest.fixture
def eyes(life: Component, request: pytest.FixtureRequest) -> Any:
    """The cloud, seen from outside."""
    return request.getfixturevalue(life.cloud)


def credential_of(life: Component) -> Credential:
    assert life.credential
    return life.credential


def rotating(life: Component) -> str:
    return life.program.replace("Args(", 'Args(rotation=config.get("rotation"), ')


@pytest.mark.parametrize("life", ROTATING)
@pytest.mark.sampled
def test_after_its_end_only_the_current_credential_works(
    life: Component, stack: Stack, control: Control, eyes: Any
) -> None:
    kind, given = credential_of(life), dict[str, Any]()

    def up() -> str:
        """One run, and the id of what Palette was given by it."""
        stack.up()
        (location,) = control.locations()
        given.setdefault(kind.id(location), location)
        return kind.id(location)

    stack.program(rotating(life))
    current = up()
    for rotation in ("one", "two"):
        before = current
        stack.set("rotation", rotation)
        current = up()
        for id in (before, current):
            kind.use(eyes, given[id])
        stack.unchanged()
        stack.edit(kind.token, retiring_until=PAST)
        assert up() == current
    assert len(given) == 3
    for id, location in given.items():
        if id == current:
            kind.use(eyes, location)
        else:
            with pytest.raises(kind.refusal):
                kind.use(eyes, location)
    life.works(control, eyes)
    stack.destroy()
    assert eyes.nothing_left()


@pytest.mark.parametrize("life", ROTATING)
@pytest.mark.sampled
def test_what_a_cut_off_run_left_is_deleted_or_named(
    life: Component, stack: Stack, eyes: Any
) -> None:
    """The run gave its credential to Palette, and state never heard of it."""
    kind = credential_of(life)
    stack.program(life.program)
    stack.up()
    (lost,) = life.key_ids(eyes)
    stack.run("state", "delete", stack.urn(kind.token), "--target-dependents", "--yes")

    assert lost in stack.up().text
    left = life.key_ids(eyes)
    assert len(left - {lost}) == 1
    assert (lost in left) == (lost in stack.refresh().text)


@pytest.mark.parametrize("life", ROTATING)
@pytest.mark.sampled
def test_one_that_a_user_has_replaced_works_until_palette_took_its_successor(
    life: Component, stack: Stack, control: Control, eyes: Any
) -> None:
    """Nobody used it yet, so it looks like one that an interrupted run left."""
    kind = credential_of(life)
    stack.program(life.minimal("probe=False", "palette_validate=False"))
    stack.up()
    (before,) = control.locations()
    put = f"PUT /v1/users/assets/locations/{life.kind}/{{uid}}"
    control.post("faults", [{"call": put, "fault": "status", "times": 99}])
    told = stack.up("--replace", stack.urn(kind.token), ok=False).text
    kind.use(eyes, before)
    assert "which an interrupted run had left" not in told
    control.post("faults", [])
    stack.up()
    (after,) = control.locations()
    kind.use(eyes, after)
    with pytest.raises(kind.refusal):
        kind.use(eyes, before)
    assert len(life.key_ids(eyes)) == 1
    stack.unchanged()
    stack.destroy()
    assert eyes.nothing_left()
