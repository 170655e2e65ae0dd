"""Whether Palette and state agree after a crash, and the credential that both hold works."""

import json
import os
import subprocess
from typing import Any

from palette_backup_provider.clients.palette import PaletteClient
from palette_backup_provider.core.handler import Clients
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.properties import Props, held
from palette_backup_provider.resources.palette.backup_location import State
from palette_backup_provider.resources.palette.trial import prove
from tests.sandbox.conftest import Control
from tests.sandbox.stack import Stack

LOCATION = "palette:BackupLocation"
SEALED = "4dabf18193072939515e22adb298388d"
"""The key by which Pulumi tells a secret in state."""


def works(control: Control, id: str, outputs: Props) -> None:
    """Palette's one location is the one in state, and its credential serves.

    Asks with the settings of this process's environment.
    """
    (location,) = control.locations()
    state = held(State, outputs)
    told, stored = state.storage.config(), location["body"]["spec"]["config"]
    assert location["uid"] == id
    assert _merged(stored, told) == stored, "Palette has another configuration than state"
    clients = Clients(Settings(lambda _: None, os.environ))
    prove(state, clients(PaletteClient), clients)


def in_state(stack: Stack) -> tuple[str, Props]:
    """Id and outputs of the only location, secrets opened; the transcript does not get them."""
    shown = subprocess.run(
        ["pulumi", "stack", "export", "--show-secrets"],
        cwd=stack.home,
        env=dict(stack.environment),
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    resources = json.loads(shown)["deployment"]["resources"]
    (found,) = [r for r in resources if r["type"].endswith(f"dynamic/{LOCATION}")]
    return found["id"], _opened(found["outputs"])


def _merged(stored: Any, told: Any) -> Any:
    """`stored`, which has Palette's defaults, with what was told."""
    if isinstance(stored, dict) and isinstance(told, dict):
        return {**stored, **{key: _merged(stored.get(key), told[key]) for key in told}}
    return told


def _opened(value: Any) -> Any:
    if isinstance(value, dict) and SEALED in value:
        return json.loads(value["plaintext"])
    return {k: _opened(v) for k, v in value.items()} if isinstance(value, dict) else value
