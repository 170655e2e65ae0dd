"""What `palette-backup import` prints adopts what exists, and changes nothing."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.clouds import merged
from tests.sandbox import __name__ as ROOM
from tests.sandbox.by_hand import Console, s3
from tests.sandbox.control import Control
from tests.sandbox.stack import Stack
from tests.terraform_made.made import PROVIDERS, Made, everything, typed
from tests.terraform_made.secrets import SECRET as THEIRS
from tests.terraform_made.states import bridged

SECRET = "s3cr3t-that-is-in-terraform's-state"
LOCATIONS: dict[str, Any] = merged(ROOM, "by_hand", "LOCATIONS")


def palette_backup(stack: Stack, *arguments: str, given: str = "") -> str:
    """What the command prints, run as a person does in the program's folder."""
    command = [sys.executable, "-c", "from palette_backup_provider.cli import main; main()"]
    done = subprocess.run(
        [*command, *arguments],
        cwd=stack.home,
        env=dict(stack.environment),
        input=given,
        capture_output=True,
        text=True,
    )
    stack.transcript.append(done.stdout + done.stderr)
    assert done.returncode == 0, done.stderr
    return done.stdout


def adopts(stack: Stack, control: Control, program: str, count: int) -> None:
    """On the real engine, and without another change in Palette than the mark. The storage is
    nowhere, so its credential is not tried."""
    before = control.locations()
    untried = program.replace("storage=", "probe=False, palette_validate=False, storage=")
    stack.write(untried)
    stack.preview()
    assert stack.up().changes["created"] == count + 2  # and the stack, and the id of its state
    stack.unchanged()
    for was, now in zip(before, control.locations(), strict=True):
        assert (now["uid"], now["body"]["spec"]) == (was["uid"], was["body"]["spec"])
        assert "palette-backup/mark" in now["body"]["metadata"]["annotations"]


def terraform(name: str, *uids: str, **more: Any) -> dict[str, Any]:
    """A resource as Spectro Cloud's Terraform provider writes it into its state."""
    s3 = {"credential_type": "secret", "access_key": "AKIATHEIRS", "secret_key": SECRET}
    return {
        "mode": "managed",
        "type": "spectrocloud_backup_storage_location",
        "name": name,
        "provider": 'provider["registry.terraform.io/spectrocloud/spectrocloud"]',
        "instances": [
            {"index_key": i, "schema_version": 2, "attributes": {"id": uid, "s3": [s3], **more}}
            for i, uid in enumerate(uids)
        ],
    }


def test_everything_there_is(
    stack: Stack, running: Sandbox, control: Control, secrets: set[str]
) -> None:
    secrets.add(SECRET)
    console = Console(running)
    elsewhere = {"s3Url": "https://fra1.digitaloceanspaces.com", "region": "fra1"}
    console.register("By hand", **s3("a", "AKIATHEIRS", SECRET, **elsewhere))
    for name, (kind, config) in LOCATIONS.items():
        console.register(name, kind, **config)
    program = palette_backup(stack, "import", "--all")
    stack.set("by-hand-secret-key", SECRET, "--secret")
    stack.transcript.pop()  # the command that set it
    adopts(stack, control, program, 1 + len(LOCATIONS))
    for location in json.loads(palette_backup(stack, "list", "--json")):
        assert location["name"] in program


def test_a_move_from_terraform(
    stack: Stack, running: Sandbox, control: Control, secrets: set[str]
) -> None:
    secrets.add(SECRET)
    console, keys = Console(running), s3("a", "AKIATHEIRS", SECRET)
    ours = [console.register(name, **keys) for name in ("one", "two")]
    tenant = console.register("three", tenant=True, **keys)
    resources = [terraform("nightly", *ours), terraform("all", tenant, context="tenant")]
    state = json.dumps({"version": 4, "terraform_version": "1.11.0", "resources": resources})
    command = ["import", "--terraform", "-", "--set-config"]
    adopts(stack, control, palette_backup(stack, *command, given=state), 3)
    (stored,) = [path for path in stack.home.glob("Pulumi.dev.yaml")]
    assert stored.read_text().count("secure:") >= 3


def one_of_each() -> list[Made]:
    """Of each provider what differs most from Palette's own defaults, and its opposite."""
    found = []
    for name, provider in PROVIDERS.items():
        found += [m for m in everything() if m.provider == name][:: provider.APART]
    roles = [m for m in everything() if m.attributes.get("s3", [{}])[0].get("arn")]
    return list({m.name: m for m in [*found, *roles[:4]]}.values())


@pytest.mark.stress
def test_a_move_from_the_bridged_provider_of_all_that_it_can_make(
    stack: Stack, running: Sandbox, control: Control, secrets: set[str]
) -> None:
    secrets.add(THEIRS)
    console = Console(running)
    made = {console.send(m.kind, m.body, tenant=m.tenant): m for m in one_of_each()}
    export = json.dumps(bridged(made))
    program = palette_backup(stack, "import", "--terraform", "-", given=export)
    keys = re.findall(r"config set --secret (\S+)", program)
    assert len(keys) > len(made) // 2
    pairs = [part for key in keys for part in ("--secret", f"{key}={typed(key)}")]
    stack.run("config", "set-all", *pairs)
    stack.transcript.pop()  # the command that set them
    adopts(stack, control, program, len(made))
