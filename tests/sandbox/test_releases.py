"""Stacks that earlier releases made: this one changes nothing about them, and can destroy them."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from palette_backup_provider.core.handler import Clients
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine import dynamic
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.conftest import Control
from tests.sandbox.crash_programs import COMPONENTS
from tests.sandbox.releases import FOLDER, restored
from tests.sandbox.stack import Stack

RELEASES = sorted(FOLDER.glob("*.json"))
Bring = Callable[[Any], None]


@pytest.fixture
def bring(
    stack: Stack, running: Sandbox, control: Control, monkeypatch: pytest.MonkeyPatch
) -> Bring:
    """Makes what a file tells of, and has the stack take it for its own."""

    def brought(kept: Any) -> None:
        for name, value in running.env.items():
            monkeypatch.setenv(name, value)
        clients = Clients(Settings(lambda _: None, dict(os.environ)))
        monkeypatch.setattr(dynamic, "_clients", clients)
        state = restored(kept["export"])
        own = json.loads(stack.run("stack", "export").text)["deployment"]
        state["deployment"]["secrets_providers"] = own["secrets_providers"]
        file = stack.folder.with_name("restored.json")  # it holds secrets in clear
        file.write_text(json.dumps(state))
        stack.run("stack", "import", "--file", str(file))
        stack.program("\n".join(kept["program"]))

    return brought


def upgraded_and_destroyed(stack: Stack, running: Sandbox, control: Control) -> None:
    stack.unchanged()
    assert stack.up("--expect-no-changes").changes.keys() == {"unchanged"}
    stack.unchanged()
    stack.destroy()
    assert not stack.resources()
    assert not control.locations()
    for component in COMPONENTS:
        assert not component.there(running), component.name


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.stem)
def test_a_stack_of_that_release_is_as_this_one_wants_it(
    release: Path, bring: Bring, stack: Stack, running: Sandbox, control: Control
) -> None:
    bring(json.loads(release.read_text()))
    upgraded_and_destroyed(stack, running, control)


def test_values_that_todays_rules_refuse_are_kept(
    bring: Bring, stack: Stack, running: Sandbox, control: Control
) -> None:
    text = RELEASES[0].read_text()
    refused = text.replace('"retire_after": 24', '"retire_after": 9999')
    assert refused != text
    kept = json.loads(
        refused.replace('rotation=\\"first\\"', 'rotation=\\"first\\", retire_after=9999')
    )
    bring(kept)
    upgraded_and_destroyed(stack, running, control)
    stack.program(
        'AwsBackupLocation("a", AwsBackupLocationArgs(region="us-east-1", retire_after=9999))'
    )
    assert "retire_after" in stack.preview(ok=False).errors  # of what is new, they are refused
