"""What all components have in common in their lives."""

from typing import Any

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID

from tests.sandbox.conftest import Control
from tests.sandbox.lives import AWS, AZURE, GCP, LIVES, MINIO, STS, Life
from tests.sandbox.palette_cloud import Palette
from tests.sandbox.stack import Stack

LIVE: dict[Life, list[tuple[str, ...]]] = {
    AWS: [("aws",)],
    STS: [("aws", "palette")],
    GCP: [("gcp",)],
    AZURE: [("azure",)],
    MINIO: [("minio",), ("palette",)],
}
"""Which services have to be real for it, where any is."""


EACH = [
    pytest.param(life, id=life.name, marks=[pytest.mark.live(*services) for services in LIVE[life]])
    for life in LIVES
]
FIRST = [
    EACH[0],
    *(pytest.param(*p.values, id=p.id, marks=[*p.marks, pytest.mark.stress]) for p in EACH[1:]),
]
"""The others with `make stress`: names are the engine's business, not a cloud's."""


@pytest.fixture
def eyes(life: Life, request: pytest.FixtureRequest) -> Any:
    """The cloud, seen from outside."""
    return request.getfixturevalue(life.cloud)


def begin(life: Life, stack: Stack, eyes: Any) -> None:
    account = eyes.account() if life is STS else DEFAULT_ACCOUNT_ID
    stack.program(life.program.replace(DEFAULT_ACCOUNT_ID, account))
    stack.up()


@pytest.mark.parametrize("life", EACH)
def test_forced_replacements_leave_one_that_works(
    life: Life, stack: Stack, palette: Palette, eyes: Any
) -> None:
    begin(life, stack, eyes)
    for type in dict.fromkeys(resource["type"] for resource in stack.resources()):
        urns = [r["urn"] for r in stack.resources() if r["type"] == type]
        stack.up(*(flag for urn in urns for flag in ("--replace", urn)))
        life.works(palette, eyes)
    stack.unchanged()
    stack.destroy("--refresh")
    assert not palette.locations()
    assert eyes.nothing_left()


@pytest.mark.parametrize("life", FIRST)
def test_names_stay_when_project_and_stack_are_renamed(
    life: Life, stack: Stack, palette: Palette, eyes: Any
) -> None:
    begin(life, stack, eyes)
    before = stack.outputs()
    stack.run("stack", "rename", "organization/renamed/prod")
    stack.name("renamed")
    stack.run("stack", "select", "organization/renamed/prod")
    stack.up()
    assert stack.outputs() == before
    stack.unchanged()
    life.works(palette, eyes)
    stack.destroy("--refresh")
    assert not palette.locations()
    assert eyes.nothing_left()


@pytest.mark.parametrize("life", [life for life in LIVES if life.waits], ids=lambda life: life.name)
def test_a_credential_that_takes_its_time_is_waited_for(
    life: Life, stack: Stack, control: Control, eyes: Any
) -> None:
    stack.program(life.program)
    control.post("delay", {"seconds": 7})
    assert life.waits in stack.up().text
    control.post("delay", {"seconds": 0})
    life.works(control, eyes)
    stack.destroy()
