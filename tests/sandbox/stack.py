"""A throw-away stack on the real engine, and everything it printed or stored."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from palette_backup_provider.sandbox.run import Sandbox

TIMEOUT = 300
LIVE_TIMEOUT = 1800
"""Seconds that a command may take: real clouds take theirs."""
HEADER = """\
import pulumi
from palette_backup_provider import *
from palette_backup_provider import aws, minio, palette

config = pulumi.Config()
"""


def settings(sandbox: Sandbox, engine: Path, folder: Path) -> dict[str, str]:
    """The environment that programs run in; everything Pulumi keeps goes into the folder."""
    (folder / "state").mkdir(parents=True)
    (folder / "tmp").mkdir()
    path = [str(Path(sys.executable).parent), str(engine), os.environ.get("PATH", "")]
    return {
        **sandbox.environment(),
        "PATH": os.pathsep.join(path),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
        "PULUMI_HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "PULUMI_CONFIG_PASSPHRASE": "correct horse battery staple",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


@dataclass(frozen=True)
class Run:
    """One finished `pulumi` command."""

    code: int
    text: str

    @property
    def errors(self) -> str:
        """What follows `error:`, on one line each, as a person reads it."""
        found = re.split(r"(?m)^.*?error: ", self.text)[1:]
        return "\n".join(" ".join(part.split()) for part in found)

    @property
    def changes(self) -> dict[str, int]:
        """The counts of the summary: created, updated, replaced, deleted, unchanged."""
        return {word: int(n) for n, word in _COUNTS.findall(self.text)}


_COUNTS = re.compile(r"(\d+) (?:to )?(created?|updated?|replaced?|deleted?|unchanged)(?! resource)")


@dataclass
class Stack:
    """A project folder with a stack `dev`, a file backend and a Pulumi home of its own."""

    folder: Path
    environment: Mapping[str, str]
    project: str = "lifecycle"
    own: str = ""
    """How names of its programs begin on real services: `own` of a program."""
    transcript: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.home = self.folder / "program"
        self.home.mkdir(parents=True)
        (self.folder / "state").mkdir()
        self.name(self.project)
        self.run("stack", "init", "dev")

    def name(self, project: str) -> None:
        """The project's name; the stack belongs to the project it was made in."""
        (self.home / "Pulumi.yaml").write_text(f"name: {project}\nruntime: python\n")

    def program(self, text: str) -> None:
        """Write the program; names of the package and `config` are there already."""
        (self.home / "__main__.py").write_text(f"{HEADER}own = {self.own!r}\n{dedent(text)}")

    def set(self, key: str, value: str, *flags: str) -> None:
        self.run("config", "set", *flags, key, value)

    def up(self, *flags: str, **how: Any) -> Run:
        return self.run("up", "--yes", "--skip-preview", *flags, **how)

    def preview(self, *flags: str, **how: Any) -> Run:
        return self.run("preview", *flags, **how)

    def refresh(self, *flags: str, **how: Any) -> Run:
        return self.run("refresh", "--yes", "--skip-preview", *flags, **how)

    def destroy(self, *flags: str, **how: Any) -> Run:
        return self.run("destroy", "--yes", "--skip-preview", *flags, **how)

    def unchanged(self) -> None:
        """Neither the program nor another hand changed anything."""
        self.preview("--expect-no-changes")
        self.run("refresh", "--preview-only", "--expect-no-changes")

    def steps(self, *flags: str) -> dict[str, Any]:
        """What a preview plans to do, by logical name and type, without what stays the same."""
        planned = json.loads(self.run("preview", "--json", *flags).text)
        return {
            step["urn"].split("::", 2)[2]: step
            for step in planned["steps"]
            if step["op"] not in ("same", "read")
        }

    def outputs(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("stack", "output", "--json").text)
        return found

    def resources(self) -> list[dict[str, Any]]:
        """What state holds of our own types."""
        deployment = json.loads(self.run("stack", "export").text)["deployment"]
        return [r for r in deployment.get("resources", []) if "dynamic" in r["type"]]

    def edit(self, type: str, **values: str) -> None:
        """Rewrite inputs of the only resource of that type in state, as if time had passed."""
        state = json.loads(self.run("stack", "export").text)
        urn = self.urn(type)
        (found,) = [r for r in state["deployment"]["resources"] if r["urn"] == urn]
        for name, value in values.items():
            assert name in found["inputs"], f"{name} is not in state"
            found["inputs"][name] = found["outputs"][name] = value
        file = self.folder / "edited.json"
        file.write_text(json.dumps(state))
        self.run("stack", "import", "--file", str(file))

    def urn(self, type: str) -> str:
        """The URN of the only resource of that type, such as `aws:Bucket`."""
        (urn,) = [r["urn"] for r in self.resources() if r["type"].endswith(f"dynamic/{type}")]
        return str(urn)

    def run(self, *arguments: str, ok: bool | None = True) -> Run:
        """Run one command; `ok` says whether it has to succeed or to fail, None that it may."""
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color", "never"],
            cwd=self.home,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIVE_TIMEOUT if self.own else TIMEOUT,
        )
        self.transcript.append(f"$ pulumi {' '.join(arguments)}\n{done.stdout}")
        if ok is not None and (done.returncode == 0) != ok:
            raise AssertionError(f"exit code {done.returncode}\n" + "\n".join(self.transcript[-3:]))
        return Run(done.returncode, done.stdout)

    def stored(self) -> Iterator[tuple[str, str]]:
        """Everything that was printed, and every file that the engine left."""
        yield "output", "\n".join(self.transcript)
        kept = Path(self.environment["PULUMI_HOME"]).parent  # with its temporary files
        for path in [*self.folder.rglob("*"), *kept.rglob("*")]:
            if path.is_file():
                yield str(path), path.read_bytes().decode("utf-8", "replace")
