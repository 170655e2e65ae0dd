"""Pictures of terminals, of commands that run on the sandbox: `python -m tests.pictures.terminals
FOLDER`.

What changes from run to run, such as times and ids, is replaced. So a picture changes only where
what it shows does.
"""

import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from palette_backup_provider.doctor.machine import BUNDLES
from palette_backup_provider.sandbox.run import Sandbox
from palette_backup_provider.sandbox.tools.pulumi import find_engine
from tests.contract.blocks import blocks
from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.stack import Stack, settings

WIDTH = 100
"""Columns of the terminal."""
FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Fonts that rich has a reader fetch from elsewhere."""
PASSING = re.compile(r"@ |.* creating \(|$")
"""Lines that a terminal overwrites while a command runs."""
VOLATILE = {
    r"127\.0\.0\.1:\d+": "palette.example.com",
    r"\b\d+(?:\.\d+)?s\b": "1s",
    r"\b\d{4}-\d\d-\d\dT\d\d:\d\dZ": "2026-12-01T06:00Z",
    r"\b[0-9a-f]{24}\b": "6a1b2c3d4e5f60718293a4b5",
    r"\bAKIA[A-Z0-9]{16}\b": "access-key-1",
    r"/\S+/bin/(?=pulumi)": "~/.pulumi/bin/",
    r"\b3(?:\.\d+){2} in \S+": "3.12.8 in .venv",
    r"\bv3(?:\.\d+){2} at": "v3.259.0 at",
    r"\bpulumi 3(?:\.\d+){2}": "pulumi 3.259.0",
}


class Shown(NamedTuple):
    """What a terminal shows: the command, and what it printed."""

    name: str
    command: str
    text: str


def write(folder: Path) -> None:
    """Write each picture as an SVG into the folder."""
    with tempfile.TemporaryDirectory(prefix="pictures-") as temporary, Sandbox(["aws"]) as sandbox:
        home = Path(temporary)
        whole = settings(sandbox, find_engine(), home / "pulumi")
        # which CAs a machine has, is nothing to show
        environment = {name: value for name, value in whole.items() if name not in BUNDLES}
        for shown in terminals(Stack(home / "stack", environment, project="backups"), sandbox):
            (folder / f"{shown.name}.svg").write_text(drawn(shown))


def terminals(stack: Stack, sandbox: Sandbox) -> Iterator[Shown]:
    """A location from its first preview on: created, refused, rotated, and asked about."""
    program = next(
        block.text
        for block in blocks()
        if block.where.startswith("docs/first/aws.md") and "import pulumi" in block.text
    )
    stack.write(program)
    yield run(stack, "preview", "pulumi preview")
    yield run(stack, "up", "pulumi up --yes --skip-preview")
    aws = AwsInspector(sandbox.env)
    (bucket,) = aws.buckets()
    aws.client("s3").put_object(Bucket=bucket, Key="backups/monday", Body=b"-")
    stack.write(program.replace("eu-west-1", "us-west-2"))
    yield run(stack, "refused", "pulumi preview")
    stack.write(program.replace("is_default", 'rotation="now",\n    is_default'))
    yield run(stack, "diff", "pulumi preview --json | palette-backup diff --format text")
    aws.client("s3").delete_public_access_block(Bucket=bucket)
    stack.set("palette:project", "Defualt")
    yield run(stack, "doctor", "palette-backup doctor")


def run(stack: Stack, name: str, command: str) -> Shown:
    """Runs a command in the folder of a stack."""
    done = subprocess.run(
        re.sub(r"^(pulumi \w+)(?!.*--json)", r"\1 --color always", command),
        shell=True,
        cwd=stack.home,
        env={**stack.environment, "COLUMNS": str(WIDTH), "FORCE_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Shown(name, command, done.stdout)


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
