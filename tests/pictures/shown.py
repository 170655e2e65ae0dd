"""What a terminal shows of a command that runs in the folder of a stack."""

import re
import subprocess
from typing import NamedTuple

from tests.sandbox.stack import Stack

WIDTH = 100
"""Columns of the terminal."""


class Shown(NamedTuple):
    """What a terminal shows: the command, and what it printed."""

    name: str
    command: str
    text: str


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
