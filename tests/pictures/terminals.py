"""Pictures of terminals, of commands that run on the sandbox: `python -m tests.pictures.terminals
FOLDER`.

What changes from run to run, such as times and ids, is replaced. So a picture changes only where
what it shows does.
"""

import io
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from palette_backup_provider.doctor.machine import BUNDLES
from palette_backup_provider.sandbox.run import Sandbox
from palette_backup_provider.sandbox.tools.pulumi import find_engine
from tests.clouds import in_some_folders, merged
from tests.pictures.shown import WIDTH, Shown
from tests.sandbox.stack import Stack, settings

LIVES = in_some_folders(__package__, "terminals")
"""The clouds on which the lives of locations are shown."""

FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Fonts that rich has a reader fetch from elsewhere."""
PASSING = re.compile(r"@ |.* creating \(|$")
"""Lines that a terminal overwrites while a command runs."""
VOLATILE = {
    r"127\.0\.0\.1:\d+": "palette.example.com",
    r"\b\d+(?:\.\d+)?s\b": "1s",
    r"\b\d{4}-\d\d-\d\dT\d\d:\d\dZ": "2026-12-01T06:00Z",
    r"\b[0-9a-f]{24}\b": "6a1b2c3d4e5f60718293a4b5",
    r"/\S+/bin/(?=pulumi)": "~/.pulumi/bin/",
    r"\b3(?:\.\d+){2} in \S+": "3.12.8 in .venv",
    r"\bv3(?:\.\d+){2} at": "v3.259.0 at",
    r"\bpulumi 3(?:\.\d+){2}": "pulumi 3.259.0",
    **merged(__package__, "terminals", "VOLATILE"),
}


def write(folder: Path) -> None:
    """Write each picture as an SVG into the folder."""
    with tempfile.TemporaryDirectory(prefix="pictures-") as temporary, Sandbox(LIVES) as sandbox:
        home = Path(temporary)
        whole = settings(sandbox, find_engine(), home / "pulumi")
        # which CAs a machine has, is nothing to show
        environment = {name: value for name, value in whole.items() if name not in BUNDLES}
        for cloud, life in LIVES.items():
            stack = Stack(home / cloud, environment, project="backups")
            for shown in life.terminals(stack, sandbox):
                (folder / f"{shown.name}.svg").write_text(drawn(shown))


def drawn(shown: Shown) -> str:
    """A terminal as an SVG."""
    text = shown.text
    for volatile, steady in VOLATILE.items():
        text = re.sub(volatile, steady, text)
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text(f"$ {shown.command}", style="bold"))
    for line in map(Text.from_ansi, text.splitlines()):
        if not PASSING.match(line.plain):
            console.print(line)
    return FONT.sub("", console.export_svg(title=shown.command, unique_id=shown.name)) + "\n"


if __name__ == "__main__":
    write(Path(sys.argv[1]))
