"""The life of a location whose operator may do what a file of docs/permissions says."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.sandbox.control import Control
from tests.sandbox.stack import Stack

DOCUMENTS = Path(__file__).parents[2] / "docs" / "permissions"


def document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DOCUMENTS / name).read_text())  # JSON is YAML
    return found


def actions(policy: dict[str, Any]) -> set[str]:
    return {action for statement in policy["Statement"] for action in statement["Action"]}


@dataclass
class Life:
    """A location that is made, changed, rotated, and removed with backups in its bucket."""

    stack: Stack
    control: Control
    component: str

    def __call__(self, *arguments: str) -> Iterator[dict[str, Any]]:
        """One `up` for each text of arguments; what Palette has is given out before the end."""
        for each in arguments:
            program = f'{self.component}("nightly", {self.component}Args({each}))'
            self.stack.program(program)
            self.stack.up()
            self.stack.up("--refresh")  # also removes the old key of a rotation
        (location,) = self.control.locations()
        yield location["body"]["spec"]["config"]
        self.stack.refresh()
        self.stack.destroy()
        assert not self.control.locations()
