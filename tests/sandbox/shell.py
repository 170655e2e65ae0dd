"""Somebody at a terminal, who has what a user has and nothing of this checkout."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

TIMEOUT = 300


def path(engine: Path, folder: Path) -> str:
    """PATH with Python, uv and pipx as they are installed, without the environment of tests."""
    tools = folder / "tools"
    tools.mkdir()
    for tool in ("uv", "uvx", "pipx"):
        (tools / tool).symlink_to(Path(sys.executable).with_name(tool))
    return os.pathsep.join(map(str, [tools, engine, Path(sys.base_prefix, "bin"), os.defpath]))


class Shell:
    """A folder, Pulumi, Python, pip, uv and pipx, and no network but wheels in a folder."""

    def __init__(
        self, folder: Path, environment: Mapping[str, str], wheels: Path, typed: str = ""
    ) -> None:
        """`typed` is what the person types where something is asked."""
        self.folder = folder
        self.folder.mkdir()
        self.typed = typed
        left_out = {"PYTHONPATH", "VIRTUAL_ENV"}
        self.environment = {
            **{name: value for name, value in environment.items() if name not in left_out},
            "PULUMI_SKIP_CONFIRMATIONS": "true",
            "PULUMI_OPTION_SKIP_PREVIEW": "true",
            "PIP_NO_INDEX": "true",
            "PIP_FIND_LINKS": str(wheels),
            "UV_OFFLINE": "true",
            "UV_FIND_LINKS": str(wheels),
            "UV_CACHE_DIR": str(folder.parent / "uv"),
            "UV_PYTHON_DOWNLOADS": "never",
            "PIPX_HOME": str(folder.parent / "pipx"),
        }

    def run(self, commands: str) -> str:
        """Run the commands in a shell; what is typed is not shown."""
        done = subprocess.run(
            ["sh", "-ec", commands],
            cwd=self.folder,
            env=self.environment,
            input=self.typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT,
        )
        assert not self.typed or self.typed not in done.stdout
        assert done.returncode == 0, done.stdout
        return done.stdout
