"""Stacks that earlier releases made: this one marks what they made anew, changes nothing else about
them, and can destroy them."""

import json
import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest

from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine import dynamic
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.component import access_key
from tests.sandbox.components import COMPONENTS
from tests.sandbox.conftest import Control
from tests.sandbox.crash.checks import in_state
from tests.sandbox.minio.inspector import MinioInspector
from tests.sandbox.releases import FOLDER, restored
from tests.sandbox.stack import PAST, Stack
from tests.sandbox.vault import PROVIDER

RELEASES = sorted(FOLDER.glob("*.json"))
SHORT = ("before-access-keys",)
"""The others hold the same components, and come with `make stress`; 0.1.0 comes with a value that
rules of today refuse, below."""
MADE = {"minio:AccessKey", "minio:RetiringSecret"}
"""What a location on MinIO gets."""
Bring = Callable[[Any], None]
EMPTY = "none"
"""The id of what stood for a retired credential in stacks of earlier code, and held none."""


@pytest.fixture
def bring(
    stack: Stack, running: Sandbox, control: Control, monkeypatch: pytest.MonkeyPatch
) -> Bring:
    """Makes what a file tells of, and has the stack take it for its own."""

    def brought(kept: Any) -> None:
        for name, value in running.env.items():
            monkeypatch.setenv(name, value)
        run = Run(Settings(lambda _: None, dict(os.environ)))
        monkeypatch.setattr(dynamic, "_run", run)
        state = restored(kept["export"])
        state["deployment"]["secrets_providers"] = PROVIDER
        file = stack.folder.with_name("restored.json")  # it holds secrets in clear
        file.write_text(json.dumps(state))
        stack.run("stack", "import", "--file", str(file))
        stack.program("\n".join(kept["program"]))

    return brought


def own_keys(stack: Stack) -> dict[str, tuple[str, str]]:
    """Name and own secret of the users on MinIO that components made, by logical name."""
    urns = [r["urn"] for r in stack.resources() if r["type"].endswith("minio:User")]
    names = [urn.rpartition("::")[2] for urn in urns if "MinioBackupLocation$" in urn]
    users = {name: in_state(stack, "minio:User", name) for name in names}
    return {name: (id, told["secret_access_key"]) for name, (id, told) in users.items()}


def announced(stack: Stack, names: Collection[str]) -> None:
    """A preview tells of the new marks, of the access keys that locations on MinIO get, of the
    snapshots that policies on AWS no longer allow by themselves, of what stood for a retired
    credential and held none, and of nothing else."""
    for urn, step in stack.steps().items():
        type, _, name = urn.rpartition("dynamic/")[2].partition("::")
        if type == "aws:Policy":
            (snapshots, *others) = step["oldState"]["inputs"]["document"]["Statement"]
            assert "ec2:CreateSnapshot" in snapshots["Action"]
            assert step["newState"]["inputs"]["document"]["Statement"] == others
        if "dynamic/" in urn and type != "palette:Lineage":
            made = step["op"] == "create" and type in MADE and name in names
            empty = step["op"] == "delete" and step["oldState"]["id"] == EMPTY
            assert step["op"] == "update" or made or empty, urn
    told = stack.preview().text
    assert "get the id of its state, in place" in told
    for name in names:
        assert f"{name}: others sign in with access keys of the user" in told


def upgraded_and_destroyed(stack: Stack, running: Sandbox, control: Control) -> None:
    minio = MinioInspector(running.env)
    own = own_keys(stack)
    ids = {r["urn"]: r["id"] for r in stack.resources() if r["id"] != EMPTY}
    announced(stack, own)
    stack.up()
    stack.unchanged()
    assert ids.items() <= {r["urn"]: r["id"] for r in stack.resources()}.items()
    held = {
        one["name"].rpartition("-")[0]: access_key(one)
        for one in control.locations()
        if one["kind"] == "minio"
    }
    for name, key in own.items():
        assert minio.keys(key[0]) == [held[name][0]] and minio.signs_in(*key)
        stack.edit("minio:User", name, retiring_until=PAST)
    assert own
    stack.up()
    for name, key in own.items():
        assert not minio.signs_in(*key) and minio.signs_in(*held[name])
    stack.unchanged()
    destroyed(stack, running, control)


def destroyed(stack: Stack, running: Sandbox, control: Control) -> None:
    stack.destroy()
    assert not stack.resources()
    assert not control.locations()
    for component in COMPONENTS:
        assert not component.there(running), component.name


@pytest.mark.parametrize(
    "release",
    [
        pytest.param(one, id=one.stem, marks=() if one.stem in SHORT else pytest.mark.stress)
        for one in RELEASES
    ],
)
def test_a_stack_of_that_release_is_as_this_one_wants_it(
    release: Path, bring: Bring, stack: Stack, running: Sandbox, control: Control
) -> None:
    bring(json.loads(release.read_text()))
    upgraded_and_destroyed(stack, running, control)


def test_it_is_destroyed_as_it_is(
    bring: Bring, stack: Stack, running: Sandbox, control: Control
) -> None:
    bring(json.loads(RELEASES[-1].read_text()))
    destroyed(stack, running, control)


@pytest.mark.stress
def test_values_that_todays_rules_refuse_are_kept(
    bring: Bring, stack: Stack, running: Sandbox, control: Control
) -> None:
    lines = RELEASES[0].read_text().splitlines()

    def refused(line: str) -> str:
        if "minio" in line.lower():  # its user is given the time for the first time
            return line
        program = line.replace('rotation=\\"first\\"', 'rotation=\\"first\\", retire_after=9999')
        return program.replace('"retire_after": 24', '"retire_after": 9999')

    kept = json.loads("\n".join(map(refused, lines)))
    assert "9999" in str(kept["program"]) and "9999" in str(kept["export"])
    bring(kept)
    upgraded_and_destroyed(stack, running, control)
    stack.program(
        'AwsBackupLocation("a", AwsBackupLocationArgs(region="us-east-1", retire_after=9999))'
    )
    assert "retire_after" in stack.preview(ok=False).errors  # of what is new, they are refused


@pytest.mark.stress
def test_the_secret_that_palette_has_outlives_its_end_until_palette_has_the_key(
    bring: Bring, stack: Stack, running: Sandbox, control: Control
) -> None:
    minio = MinioInspector(running.env)
    bring(json.loads((FOLDER / "before-access-keys.json").read_text()))
    own = own_keys(stack)["nightly"]
    fault = {"service": "palette", "fault": "status", "status": 503, "times": 99}
    put = "PUT /v1/users/assets/locations/minio/{uid}"
    control.post("faults", [{**fault, "call": put, "when": "before"}])
    stack.up(ok=False)
    stack.edit("minio:User", "nightly", retiring_until=PAST)
    stack.up(ok=False)
    stack.up("--continue-on-error", "--refresh", ok=False)
    assert own in map(access_key, control.locations()) and minio.signs_in(*own)
    control.post("faults", [])
    stack.up()
    stack.up()
    assert own not in map(access_key, control.locations()) and not minio.signs_in(*own)
    stack.unchanged()
