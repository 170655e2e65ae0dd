"""What exists already: what would harm backups in it is refused in preview, on every cloud, and of
what is fit a preview shows nothing that is not true."""

import pytest

from palette_backup_provider import registry
from palette_backup_provider.core.markers import OnDelete
from palette_backup_provider.core.model import Storage, fields
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.control import Control
from tests.sandbox.existing_place import ExistingPlace
from tests.sandbox.folders import in_each_folder
from tests.sandbox.stack import Stack

CLOUDS: list[ExistingPlace] = [each.EXISTING for each in in_each_folder("existing_place").values()]


def test_every_cloud_is_asked() -> None:
    holding = {
        kind.token
        for kind in registry.RESOURCES
        if issubclass(kind.handler.state_type, Storage)
        and "force_destroy" in fields(kind.handler.state_type, OnDelete)
    }
    assert holding == {one.token for one in CLOUDS}


@pytest.mark.parametrize("cloud", CLOUDS, ids=[one.token for one in CLOUDS])
@pytest.mark.sampled
def test_what_would_harm_backups_is_refused_in_preview(
    cloud: ExistingPlace, stack: Stack, running: Sandbox, control: Control
) -> None:
    cloud.make(running)
    cloud.spoil(running)
    stack.program(cloud.program)
    refused = stack.preview(ok=False)
    for refusal in cloud.refusals:
        assert refusal in refused.errors
    problems = refused.text.partition("Diagnostics:")[2].count("has a problem: existing_")
    assert problems == len(cloud.refusals) == 4
    assert "Traceback" not in refused.text and not control.locations()

    cloud.heal(running)
    (step,) = [s for urn, s in stack.steps().items() if f"{cloud.token}::" in urn]
    shown = {k: v for k, v in step["newState"]["inputs"].items() if not k.startswith("__")}
    known = {"name": "theirs", "existing": True, **cloud.shown}
    assert known.items() <= shown.items()
    assert shown.keys() - known.keys() <= {"url", "ca_cert", "resource_id"}
    stack.up()
    stack.unchanged()
    stack.destroy()


@pytest.mark.parametrize("cloud", CLOUDS, ids=[one.token for one in CLOUDS])
@pytest.mark.sampled
def test_what_the_same_program_makes_is_there_by_the_time_it_is_used(
    cloud: ExistingPlace, stack: Stack, control: Control
) -> None:
    stack.program(cloud.made_here)
    stack.preview()
    stack.up()
    assert len(control.locations()) == 2
    stack.settled()
    stack.destroy()
    assert not control.locations()
