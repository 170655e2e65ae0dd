"""A throw-away stack on the real engine, and everything it printed or stored."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml

import palette_backup_provider
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.command import Run

TIMEOUT = 300
LIVE_TIMEOUT = 1800
"""Seconds that a command may take: real clouds take theirs."""
ONE_CHECKPOINT = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
"""Variables by which the backend writes the state once, and not after every step."""
PAST = "2026-01-01T00:00Z"
"""A deadline that is over, for `Stack.edit`."""
HEADER = """\
import os
import pulumi

config = pulumi.Config()
"""


def headed(text: str) -> str:
    """What comes before a program's text. Like people's, it imports what the program names."""
    named = sorted(set(palette_backup_provider.__all__).intersection(re.findall(r"\w+", text)))
    imports = f"from palette_backup_provider import {', '.join(named)}\n" if named else ""
    return imports + HEADER


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
        "GOGC": "off",  # commands are short: collecting costs more than it frees
    }


PASSPHRASE = (
    "encryptionsalt: v1:SmLnArdbfA4=:v1:0UslAuJ2OvJUUyla:nbI0BQCojqJE7x+J9iywgm0HWLZLuA==\n"
)
"""Of the passphrase in `settings`."""


@dataclass
class Stack:
    """A project folder with a stack `dev`, a file backend and a Pulumi home of its own.

    Files are read and written here where a command would do nothing else.
    """

    folder: Path
    environment: Mapping[str, str]
    project: str = "lifecycle"
    own: str = ""
    """How names of its programs begin on real services: `own` of a program."""
    secrets: str = PASSPHRASE
    """How the stack's file names what opens its secrets."""
    called: str = "dev"
    transcript: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.home = self.folder / "program"
        self.home.mkdir(parents=True)
        (self.folder / "state").mkdir()
        self.name(self.project)
        self.call(self.called)
        self._config.write_text(self.secrets)
        self.begin()

    @property
    def _config(self) -> Path:
        return self.home / f"Pulumi.{self.called}.yaml"

    @property
    def file(self) -> Path:
        """Where the backend keeps the state."""
        backend = Path(self.environment["PULUMI_BACKEND_URL"].removeprefix("file://"))
        return backend / ".pulumi" / "stacks" / self.project / f"{self.called}.json"

    def name(self, project: str) -> None:
        """The project's name; the stack belongs to the project it was made in."""
        (self.home / "Pulumi.yaml").write_text(f"name: {project}\nruntime: python\n")
        self.project = project

    def call(self, name: str) -> None:
        """Commands are of the stack of that name from now on."""
        self.called = name
        self.environment = {**self.environment, "PULUMI_STACK": name}

    def begin(self) -> None:
        """An empty state, in place of what was there."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.parents[2].joinpath("meta.yaml").write_text("version: 1\n")
        called = f"organization/{self.project}/{self.called}"
        self._write({"stack": called, "latest": None})

    def program(self, text: str) -> None:
        """Write the program; names of the package and `config` are there already."""
        self.write(f"{headed(text)}own = {self.own!r}\n{dedent(text)}")

    def write(self, text: str) -> None:
        """Write the whole program, as it stands."""
        # Bytecode is dated to the second, and a fast command is shorter.
        shutil.rmtree(self.home / "__pycache__", ignore_errors=True)
        (self.home / "__main__.py").write_text(text)

    def set(self, key: str, value: str, *flags: str) -> None:
        """Set a value of the config; flags are those of `pulumi config set`."""
        if flags:
            self.run("config", "set", *flags, key, value)
            return
        with self._configured() as config:
            config[key if ":" in key else f"{self.project}:{key}"] = value

    def unset(self, key: str) -> None:
        with self._configured() as config:
            del config[key if ":" in key else f"{self.project}:{key}"]

    @contextmanager
    def _configured(self) -> Iterator[dict[str, Any]]:
        found = yaml.safe_load(self._config.read_text())
        yield found.setdefault("config", {})
        self._config.write_text(yaml.safe_dump(found))

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
        self.preview("--refresh", "--expect-no-changes")

    def settled(self) -> None:
        """The same, asked apart: no refresh comes before the preview, and puts state right."""
        self.preview("--expect-no-changes")
        self.run("refresh", "--preview-only", "--expect-no-changes")

    def steps(self, *flags: str) -> dict[str, Any]:
        """What a preview plans to do, by logical name and type, without what stays the same."""
        text = self.run("preview", "--json", *flags).text
        planned = json.loads(text[text.index("{") :])  # after warnings about plugins
        return {
            step["urn"].split("::", 2)[2]: step
            for step in planned["steps"]
            if step["op"] not in ("same", "read")
        }

    def state(self) -> dict[str, Any]:
        """What `pulumi stack export` shows; empty before the first command."""
        found: dict[str, Any] = json.loads(self.file.read_text())["checkpoint"]["latest"] or {}
        return found

    def put(self, state: dict[str, Any]) -> None:
        """Have this state, of an earlier time or changed by hand."""
        checkpoint = json.loads(self.file.read_text())["checkpoint"]
        self._write({**checkpoint, "latest": state})

    def _write(self, checkpoint: dict[str, Any]) -> None:
        self.file.write_text(json.dumps({"version": 3, "checkpoint": checkpoint}))

    def outputs(self) -> dict[str, Any]:
        """What the program exports, none of it secret."""
        (root,) = [r for r in self.state()["resources"] if r["type"] == "pulumi:pulumi:Stack"]
        found: dict[str, Any] = root["outputs"]
        return found

    def resources(self) -> list[dict[str, Any]]:
        """What state holds of our own types."""
        return [r for r in self.state().get("resources", []) if "dynamic" in r["type"]]

    def made_under(self, cloud: str) -> frozenset[str]:
        """Where state says that the resources of a cloud were made."""
        ours = [r for r in self.resources() if f"dynamic/{cloud}:" in r["type"]]
        return frozenset(resource["outputs"]["__made_under"] for resource in ours)

    def edit(self, type: str, logical: str = "", **values: str) -> None:
        """Rewrite inputs of the only resource of that type, or of the one of that name, in state,
        as if time had passed."""
        state, urn = self.state(), self.urn(type, logical)
        (found,) = [r for r in state["resources"] if r["urn"] == urn]
        for name, value in values.items():
            assert name in found["inputs"], f"{name} is not in state"
            found["inputs"][name] = found["outputs"][name] = value
        self.put(state)

    def urn(self, type: str, logical: str = "") -> str:
        """The URN of the only resource of that type, which is a token, or of that name."""
        urns = [r["urn"] for r in self.resources() if r["type"].endswith(f"dynamic/{type}")]
        (urn,) = [urn for urn in urns if urn.endswith(f"::{logical}") or not logical]
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
