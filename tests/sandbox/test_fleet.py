"""Many locations of one inventory in one stack."""

import re
from collections import Counter
from typing import Any

import pytest
import yaml

from palette_backup_provider.engine.given import required
from palette_backup_provider.fleet.clouds import clouds
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.control import Control
from tests.sandbox.stack import LIVE_TIMEOUT, ONE_CHECKPOINT, Stack
from tests.sandbox.test_templates import TEMPLATES
from tests.unit.fleet.examples import CLOUDS

FREE = CLOUDS["free"]

PROGRAM = """\
from palette_backup_provider import fleet

found = fleet.declare("fleet.yaml")
pulumi.export("uids", {name: one.location_uid for name, one in found.items()})
"""
PLACES = {"region": "eu-west-1"}
"""What required arguments may be; a template knows others better."""


def kinds() -> dict[str, dict[str, Any]]:
    """One cloud of each family, with the arguments that it requires, as its template has them."""
    found: dict[str, dict[str, Any]] = {}
    families: set[str] = set()
    for name, cloud in clouds().items():
        about = yaml.safe_load((TEMPLATES / f"{name}-backup-location/Pulumi.yaml").read_text())
        if cloud.family not in families:
            found[name] = {
                one: about["config"][one]["default"] if one in about["config"] else PLACES[one]
                for one, argument in cloud.arguments.items()
                if required(argument)
            }
        families.add(cloud.family)
    return found


def inventory(projects: int, each: int) -> dict[str, Any]:
    """That many projects, with that many locations each, on every cloud in turn."""
    unproven = {"probe": False, "palette_validate": False}  # elsewhere it is
    found: dict[str, Any] = {"defaults": {"all": unproven, **kinds()}, "projects": {}}
    names = list(kinds())
    for project in range(projects):
        of_project: dict[str, Any] = {
            f"b{number}": {"cloud": names[(project + number) % len(names)]}
            for number in range(each)
        }
        of_project["b0"]["is_default"] = True
        found["projects"][f"p{project}"] = of_project
    return found


def write(stack: Stack, inventory: dict[str, Any]) -> None:
    (stack.home / "fleet.yaml").write_text(yaml.safe_dump(inventory, sort_keys=False))


def reordered(inventory: dict[str, Any]) -> dict[str, Any]:
    """The same, with everything in the other order."""
    if not isinstance(inventory, dict):
        return inventory
    return {name: reordered(inventory[name]) for name in reversed(inventory)}


def components(planned: dict[str, Any]) -> list[str]:
    """The names of the components that are planned for, without their children."""
    typed = (name.partition("::") for name in planned)
    return [name for kind, _, name in typed if re.fullmatch(r"palette-backup:index:\w+", kind)]


@pytest.mark.parametrize("projects", [4, pytest.param(20, marks=pytest.mark.stress)])
def test_three_locations_in_each_project(
    stack: Stack, running: Sandbox, control: Control, projects: int
) -> None:
    stack.environment = {**stack.environment, **ONE_CHECKPOINT}
    names = [f"p{number}" for number in range(projects)]
    running.store.projects.update({name: f"{n:024x}" for n, name in enumerate(names)})
    fleet = inventory(projects, 3)
    stack.program(PROGRAM)
    write(stack, fleet)
    stack.up()
    locations = control.locations()
    of_kind = Counter(one["kind"] for one in locations)
    assert [*of_kind.values()] == [len(locations) // 4] * 4
    assert Counter(one["project"] for one in locations) == dict.fromkeys(names, 3)
    assert stack.outputs()["uids"].keys() == {f"{name}/b{m}" for name in names for m in range(3)}

    del fleet["projects"]["p3"]["b1"]
    write(stack, reordered(fleet))
    planned = stack.steps()
    assert components(planned) == ["p3/b1"]
    assert {step["op"] for step in planned.values()} == {"delete"}
    assert all("p3/b1" in name for name in planned)


def test_what_is_wrong_ends_the_preview(stack: Stack) -> None:
    stack.program(PROGRAM)
    write(stack, {"projects": {"Default": {"a": {"cloud": FREE, "bucket": "b"}}}})
    told = stack.preview(ok=False).errors
    assert "fleet.yaml:5:7: projects.Default.a.bucket: is not known here." in told
    assert "Traceback" not in told
    write(stack, {"projects": {"Defolt": {"a": {"cloud": FREE}}}})
    told = stack.preview(ok=False).errors
    assert "fleet.yaml:2:3: projects.Defolt: Palette has no such project" in told
    assert "It can see: Default" in told
    assert "Traceback" not in told


@pytest.mark.stress
def test_a_thousand_locations(
    stack: Stack, running: Sandbox, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.sandbox.stack.TIMEOUT", LIVE_TIMEOUT)  # 7,500 resources take theirs
    stack.environment = {**stack.environment, **ONE_CHECKPOINT}
    control.post("knobs", {"location_limit": 1000})
    running.store.projects.update({f"p{n}": f"{n:024x}" for n in range(100)})
    stack.program(PROGRAM)
    fleet = inventory(100, 10)
    write(stack, fleet)
    assert len(set(components(stack.steps()))) == 1000
