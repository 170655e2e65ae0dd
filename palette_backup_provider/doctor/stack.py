"""What `pulumi up` would go by: config, environments and state of a stack, held in memory alone."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from palette_backup_provider.core.errors import ProviderError, sentence
from palette_backup_provider.core.secrets import excerpt, remember
from palette_backup_provider.engine.exported import opened
from palette_backup_provider.engine.owner import PACKAGE
from palette_backup_provider.engine.tokens import TOKEN

DYNAMIC, NATIVE = "pulumi-python:dynamic/", f"{PACKAGE}:"
NAMES = ("Pulumi.yaml", "Pulumi.yml")
SELECT = "Select one with `pulumi stack select`, or name it with --stack."


@dataclass(frozen=True)
class Recorded:
    """A resource of this package, as state has it."""

    token: str
    """Its type, such as `palette:BackupLocation`."""
    id: str
    name: str
    """Its name in the program."""
    props: dict[str, Any] = field(repr=False)

    @property
    def cloud(self) -> str:
        return self.token.partition(":")[0]


@dataclass(frozen=True)
class Stack:
    """A stack of the user: its settings, and what its state has."""

    name: str
    """Organisation, project and stack, as far as the backend has them."""
    config: Mapping[str, str] = field(default_factory=dict, repr=False)
    written: frozenset[str] = frozenset()
    """The keys that its own file sets; an environment or the project sets the others."""
    environments: tuple[str, ...] = ()
    """The ESC environments that it imports."""
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The environment variables that those set."""
    resources: tuple[Recorded, ...] = ()
    virtualenv: Path | None = None
    """Where the program's Python is, if the project says so."""

    @property
    def file(self) -> str:
        return f"Pulumi.{self.name.rpartition('/')[2]}.yaml"

    @property
    def project(self) -> str:
        """The first part of the keys of the program's own config."""
        return self.name.split("/")[-2] if "/" in self.name else ""


def project_file(folder: Path) -> Path | None:
    """The Pulumi.yaml that commands in `folder` are about."""
    places = (parent / name for parent in (folder, *folder.parents) for name in NAMES)
    return next((place for place in places if place.is_file()), None)


def read(name: str | None, project: Path, timeout: float) -> Stack:
    """The stack of that name, or the selected one. Raises ProviderError where it cannot be read."""
    which = ("--stack", name) if name else ()

    def run(*command: str) -> str:
        return pulumi([*command, *which, "--non-interactive"], project.parent, timeout)

    with ThreadPoolExecutor() as pool:
        called = pool.submit(run, "stack", "--show-name", "--fully-qualify-stack-names")
        config = pool.submit(run, "config", "--json", "--show-secrets")
        state = pool.submit(run, "stack", "export", "--show-secrets")
        whole = called.result().strip()
        values = _config(_json(config.result()))
        resources = tuple(_recorded(_json(state.result())))
    about = _yaml(project)
    home = project.parent / str(about.get("stackConfigDir") or ".")
    own = _yaml(home / f"Pulumi.{whole.rpartition('/')[2]}.yaml")
    environments = _imports(own.get("environment"))
    return Stack(
        name=whole,
        config=values,
        written=frozenset(map(str, _map(own.get("config")))),
        environments=environments,
        variables=_variables(environments, project.parent, timeout),
        resources=resources,
        virtualenv=_virtualenv(project.parent, about),
    )


def pulumi(command: Sequence[str], folder: Path, timeout: float) -> str:
    """What `pulumi` prints. Its errors name what is missing; what it prints may be secret."""
    shown = f"pulumi {' '.join(command[:2])}"
    try:
        done = subprocess.run(
            ["pulumi", *command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    except FileNotFoundError:
        raise ProviderError(
            "There is no `pulumi` on PATH to read the stack with. Install it, or use --no-stack."
        ) from None
    except subprocess.TimeoutExpired:
        raise ProviderError(
            f"`{shown}` did not end within {timeout:g} s. Give it longer with --timeout."
        ) from None
    if done.returncode:
        why = done.stderr.strip().removeprefix("error: ") or f"exit code {done.returncode}"
        fix = SELECT if "stack" in why and "select" in why else "Correct that, and run it again."
        raise ProviderError(f"`{shown}` failed: {sentence(excerpt(why))} {fix}")
    return done.stdout


def _json(printed: str) -> dict[str, Any]:
    """What a command printed; nothing is an empty object. It is not quoted: it may be secret."""
    try:
        parsed = json.loads(printed or "{}")
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise ProviderError("`pulumi` printed something else than a JSON object. Upgrade it.")
    return parsed


def _config(config: Mapping[str, Any]) -> dict[str, str]:
    """Values by key, objects as JSON; those that are secret are known from here on."""
    remember([setting.get("value") for setting in config.values() if setting.get("secret")])
    return {
        key: setting["value"]
        for key, setting in config.items()
        if isinstance(setting.get("value"), str)
    }


def _recorded(export: Mapping[str, Any]) -> list[Recorded]:
    resources = []
    for resource in (export.get("deployment") or {}).get("resources") or []:
        token = str(resource["type"]).removeprefix(DYNAMIC).removeprefix(NATIVE)
        # what was only looked up is not managed here, and what is to be deleted was replaced
        aside = resource.get("external") or resource.get("delete")
        if not TOKEN.fullmatch(token) or not resource.get("custom") or aside:  # a component is none
            continue
        props = opened(resource.get("outputs") or {}, [])
        name = str(resource["urn"]).rpartition("::")[2]
        resources.append(Recorded(token, str(resource.get("id", "")), name, props))
    return resources


def _variables(environments: Sequence[str], folder: Path, timeout: float) -> dict[str, str]:
    """What ESC sets in the environment of every command of the stack; the last one wins."""
    with ThreadPoolExecutor() as pool:
        answers = pool.map(
            lambda name: pulumi(["env", "open", name], folder, timeout), environments
        )
        merged: dict[str, str] = {}
        for answer in answers:
            variables = _json(answer).get("environmentVariables") or {}
            merged |= {name: str(value) for name, value in variables.items()}
    return merged


def _imports(environment: Any) -> tuple[str, ...]:
    """The environments that a stack's file names: a list, or a definition with `imports`."""
    listed = environment.get("imports") if isinstance(environment, dict) else environment
    names = listed if isinstance(listed, list) else []
    return tuple(
        str(name) for entry in names for name in (entry if isinstance(entry, dict) else [entry])
    )


def _virtualenv(folder: Path, project: Mapping[str, Any]) -> Path | None:
    path = _map(_map(project.get("runtime")).get("options")).get("virtualenv")
    return folder / str(path) if path else None


def _yaml(file: Path) -> Mapping[str, Any]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", in line {mark.line + 1}" if mark else ""  # its text quotes it, secrets included
        why = f": {sentence(str(error.strerror))}" if isinstance(error, OSError) else f"{line}."
        raise ProviderError(f"{file} cannot be read{why} Correct it.") from None
    return _map(content)


def _map(value: Any) -> Mapping[str, Any]:
    """`value` if it is a map. What else a file may hold there, `pulumi` itself refuses."""
    return value if isinstance(value, dict) else {}
