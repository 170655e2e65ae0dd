"""A stack whose program is YAML, and whose resources are the plugin's."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml

from palette_backup_provider.sandbox.tools.yaml_host import find_yaml_host
from tests.sandbox import vault
from tests.sandbox.stack import Stack

COMMAND = "pulumi-resource-palette-backup"
SCRIPT = f"""\
#!{sys.executable}
from palette_backup_provider.plugin import main

main()
"""
"""The console script that pip writes for the wheel."""


def install(folder: Path) -> Path:
    """Puts the plugin's command into the folder."""
    folder.mkdir()
    command = folder / COMMAND
    command.write_text(SCRIPT)
    command.chmod(0o755)
    return folder


class YamlStack(Stack):
    """A stack with a program in YAML; the plugin is found by its path."""

    def __init__(self, folder: Path, environment: Mapping[str, str], **how: Any) -> None:
        self.plugin = install(folder.with_name(f"{folder.name}-plugin"))
        super().__init__(folder, environment, **how)

    @classmethod
    def hosted(
        cls, folder: Path, environment: Mapping[str, str], secrets: str = vault.SECRETS
    ) -> "YamlStack":
        """A stack with Pulumi's language host for YAML on its PATH."""
        path = os.pathsep.join((str(find_yaml_host().parent), environment["PATH"]))
        return cls(folder, {**environment, "PATH": path}, secrets=secrets)

    def name(self, project: str) -> None:
        self.project = project
        self.program("{}")

    def program(self, text: str) -> None:
        written = {
            **yaml.safe_load(dedent(text)),
            "name": self.project,
            "runtime": "yaml",
            "plugins": {"providers": [{"name": "palette-backup", "path": str(self.plugin)}]},
        }
        (self.home / "Pulumi.yaml").write_text(yaml.safe_dump(written, sort_keys=False))

    def resources(self) -> list[dict[str, Any]]:
        found = self.state().get("resources", [])
        return [one for one in found if one["type"].startswith("palette-backup:")]

    def urn(self, type: str, logical: str = "") -> str:
        urns = [one["urn"] for one in self.resources() if one["type"] == f"palette-backup:{type}"]
        (urn,) = [urn for urn in urns if urn.endswith(f"::{logical}") or not logical]
        return str(urn)
