"""Whether Palette and state agree after a crash, and the credential that both hold works."""

import json
import os
import subprocess
from typing import Any

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.exported import opened
from palette_backup_provider.engine.properties import Props, load_state
from palette_backup_provider.resources.palette.location.credential_check import require_working
from palette_backup_provider.resources.palette.location.state import BackupLocationState
from tests.sandbox.control import Control
from tests.sandbox.stack import Stack

LOCATION = "palette:BackupLocation"


def works(control: Control, id: str, outputs: Props) -> None:
    """Palette's one location is the one in state, and its credential serves.

    Asks with the settings of this process's environment.
    """
    (location,) = control.locations()
    state = load_state(BackupLocationState, outputs)
    told, stored = state.storage.config(), location["body"]["spec"]["config"]
    assert location["uid"] == id
    assert _merged(stored, told) == stored, "Palette has another configuration than state"
    run = Run(Settings(lambda _: None, os.environ))
    require_working(state, run.client(PaletteClient), run)


def in_state(stack: Stack, type: str = LOCATION, logical: str = "") -> tuple[str, Props]:
    """Id and outputs of the only resource of that type, or of the one of that name, secrets opened;
    the transcript does not get them."""
    urn = stack.urn(type, logical)
    shown = subprocess.run(
        ["pulumi", "stack", "export", "--show-secrets"],
        cwd=stack.home,
        env=dict(stack.environment),
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    resources = json.loads(shown)["deployment"]["resources"]
    (found,) = [r for r in resources if r["urn"] == urn]
    return found["id"], opened(found["outputs"], [])


def _merged(stored: Any, told: Any) -> Any:
    """`stored`, which has Palette's defaults, with what was told."""
    if isinstance(stored, dict) and isinstance(told, dict):
        return {**stored, **{key: _merged(stored.get(key), told[key]) for key in told}}
    return told
