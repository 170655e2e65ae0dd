"""Each template, from `pulumi new` to a location that is registered, and to its end."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from palette_backup_provider.fleet.clouds import clouds
from tests.sandbox.control import Control
from tests.sandbox.shell import Shell, path
from tests.unit.fleet.examples import CLOUDS

TEMPLATES = Path(__file__).parents[2] / "templates"
NAMES = sorted(path.name for path in TEMPLATES.iterdir())
FIRST = f"{CLOUDS['free']}-backup-location"
"""The template whose whole life is in `make test`."""
ACTIVATE = "for each in venv .; do [ ! -f $each/bin/activate ] || . $each/bin/activate; done"
"""A language host of 2023 makes the environment in the project's own folder, others in `venv`."""

PATIENT = "doctor --timeout 60"
"""As tests run side by side, what takes a second alone takes longer than doctor waits."""


@pytest.fixture
def shell(environment: dict[str, str], engine: Path, wheels: Path, tmp_path: Path) -> Shell:
    environment["PATH"] = path(engine, tmp_path)
    return Shell(tmp_path / "mine", environment, wheels)


@pytest.mark.parametrize(
    "template",
    [pytest.param(one, marks=() if one == FIRST else pytest.mark.stress) for one in NAMES],
)
def test_from_new_to_a_location_and_to_its_end(
    template: str, shell: Shell, control: Control, tmp_path: Path
) -> None:
    copied = tmp_path / "checkout" / template
    shutil.copytree(TEMPLATES / template, copied)
    told = shell.run(f"pulumi new {copied} --yes --stack dev --name mine --description Mine")
    quickstart = yaml.safe_load((copied / "Pulumi.yaml").read_text())["template"]["quickstart"]
    activate, *commands = re.findall(r"(?m)^    (.+)", quickstart)
    assert "Next, in this folder" in told and all(command in told for command in commands)
    assert activate.startswith(". venv/bin/activate ")
    for file in shell.folder.glob("*.*"):
        assert "${" not in file.read_text(), file
    assert "name: mine\ndescription: Mine\n" in (shell.folder / "Pulumi.yaml").read_text()
    shell.run("\n".join([ACTIVATE, *commands]).replace("doctor", PATIENT))
    (location,) = control.locations()
    assert location["project"] == "Default"
    assert location["name"] in shell.run(f"{ACTIVATE}\npalette-backup list")
    shell.run(f"{ACTIVATE}\npulumi preview --expect-no-changes\npulumi destroy")
    assert not control.locations()


def test_there_is_a_template_for_each_cloud() -> None:
    assert sorted(["backup-fleet", *(f"{cloud}-backup-location" for cloud in clouds())]) == NAMES
