"""What an upgrade does to resources that an earlier release made, besides marking them.

A folder that has such resources says so in `earlier_release.py`.
"""

from collections.abc import Mapping
from typing import Any

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.control import Control
from tests.sandbox.folders import in_some_folders
from tests.sandbox.stack import Stack


class EarlierRelease:
    """The resources of one cloud, in a stack that was made by an earlier release."""

    def __init__(self, stack: Stack, sandbox: Sandbox, control: Control) -> None:
        self.stack, self.sandbox, self.control = stack, sandbox, control

    @classmethod
    def spares(cls, line: str) -> bool:
        """Whether a line of a file of releases is of what no earlier release gave an end."""
        return False

    def makes(self, type: str, name: str) -> bool:
        """Whether the upgrade makes a resource of that type and name."""
        return False

    def judge(self, type: str, step: Mapping[str, Any]) -> None:
        """Fails if a step of the preview changes what it should not."""

    def says(self) -> list[str]:
        """What the preview says."""
        return []

    def upgraded(self) -> None:
        """Fails if the first run did not do all, and has the time be over that it announced."""

    def ended(self) -> None:
        """Fails if the run after that time did not do the rest."""


def kinds() -> list[type[EarlierRelease]]:
    """Those of every folder."""
    return [each.Earlier for each in in_some_folders("earlier_release").values()]


def earlier_releases(stack: Stack, sandbox: Sandbox, control: Control) -> list[EarlierRelease]:
    """What each folder has to say of this stack."""
    return [kind(stack, sandbox, control) for kind in kinds()]
