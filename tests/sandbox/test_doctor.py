"""`palette-backup doctor` goes by what `pulumi up` goes by, and changes nothing."""

import json
import subprocess
import sys
from typing import Any

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.components import ANY
from tests.sandbox.control import Control
from tests.sandbox.stack import Stack

COMMAND = [sys.executable, "-c", "from palette_backup_provider.cli import main; main()", "doctor"]
Found = dict[tuple[str, str | None], Any]
"""Findings by id and thing."""
PATIENT = ("--timeout", "60")


def doctor(stack: Stack, *arguments: str, **environment: str) -> Found:
    """What is found, run as a person does in the program's folder."""
    done = subprocess.run(
        [*COMMAND, *arguments, *PATIENT, "--json"],
        cwd=stack.home,
        env={**stack.environment, **environment},
        capture_output=True,
        text=True,
    )
    stack.transcript.append(done.stdout + done.stderr)
    found = {(one["id"], one["thing"]): one for one in json.loads(done.stdout)["findings"]}
    assert done.returncode == any(one["verdict"] == "fault" for one in found.values()), done.stdout
    return found


def red(found: Found) -> list[str]:
    return [id for (id, _), one in found.items() if one["verdict"] == "fault"]


def test_a_stack_that_works_and_what_then_goes_wrong(
    stack: Stack, control: Control, running: Sandbox
) -> None:
    stack.program(ANY.minimal('location_name="nightly"', "rotate_after=90"))
    stack.up()
    before = control.locations(), stack.state()
    well = doctor(stack)
    assert not red(well)
    assert not [one for one in well.values() if one["verdict"] == "warning"]
    for key in ("registered", "credential", "bucket", "clusters"):
        assert well[f"location.{key}", "nightly"]["verdict"] == "good"
    assert well["location.rotation", "nightly"]["text"] == "0 days old, rotate_after=90"
    assert {id.partition(".")[0] for id, _ in well} == {"machine", "palette", ANY.cloud, "location"}
    assert (control.locations(), stack.state()) == before
    stack.unchanged()

    stack.set("palette:apiKey", "a-key-of-nobody")  # which wins over the variable
    refused = doctor(stack, "--only", "palette.key", "--only", "palette.key-twice")
    assert red(refused) == ["palette.key"]
    assert "palette:apiKey of Pulumi.dev.yaml" in refused["palette.key-twice", None]["text"]
    stack.unset("palette:apiKey")

    unread = doctor(stack, "--clouds", ANY.cloud, PULUMI_STACK="another")
    assert red(unread) == ["machine.stack"]
    assert unread["palette.key", None]["text"] == "machine.stack is red"

    (uid,) = (one["uid"] for one in control.locations())
    running.store.delete(next(one for one in running.store.all() if one.uid == uid))
    gone = doctor(stack, "--only", "location.registered")
    assert red(gone) == ["location.registered"]
