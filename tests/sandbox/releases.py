"""Stacks that earlier releases made, as `pulumi stack export` told of them.

What every sandbox gives out anew, secrets above all, is a mark in the file, such as
`<<palette:BackupLocation nightly id>>`. A test makes the objects again, from the inputs in the
file, and puts what they got in the place of the marks. With the code of a release checked out, this
keeps a stack of it, made by a program with all that is new in it; once released, the file stays:

    python -m tests.sandbox.releases NAME "$(cat PROGRAM)"
"""

import json
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine import dynamic
from palette_backup_provider.engine.properties import without_engine_keys
from palette_backup_provider.sandbox.cloud import clouds
from palette_backup_provider.sandbox.run import Sandbox
from palette_backup_provider.sandbox.tools.pulumi import find_engine
from tests.sandbox.control import Control
from tests.sandbox.stack import Stack, settings
from tests.sandbox.vault import PROVIDER

FOLDER = Path(__file__).parent / "releases"
MARK = re.compile("<<[^<>]+>>")
SECRET = "4dabf18193072939515e22adb298388d"
"""How the engine begins what stands for a secret in state."""
OF_THE_RUN = {"created", "modified", "sourcePosition", "stackTrace"}
Found = dict[str, str]
Restore = Callable[[Any], None]


@pytest.fixture
def restore(
    stack: Stack, running: Sandbox, control: Control, monkeypatch: pytest.MonkeyPatch
) -> Restore:
    """Makes what a file tells of, and has the stack take it for its own."""

    def restore_stack(kept: Any) -> None:
        for name, value in running.env.items():
            monkeypatch.setenv(name, value)
        run = Run(Settings(lambda _: None, dict(os.environ)))
        monkeypatch.setattr(dynamic, "_run", run)
        state = restored(kept["export"])
        state["deployment"]["secrets_providers"] = PROVIDER
        file = stack.folder.with_name("restored.json")  # it holds secrets in clear
        file.write_text(json.dumps(state))
        stack.run("stack", "import", "--file", str(file))
        stack.program("\n".join(kept["program"]))

    return restore_stack


def token(resource: Any) -> str:
    """The token of a resource in state; empty for one that is not ours."""
    return str(resource["type"]).partition("dynamic/")[2]


def restored(export: Any) -> Any:
    """`export` with the marks of the objects that are made from it: what the engine can import."""
    found: Found = {}
    for resource in export["deployment"]["resources"]:
        if token(resource):
            _make(resource, found)
    return _sealed(_filled(export, found))


def _make(resource: Any, found: Found) -> None:
    provider = dynamic.load(token(resource))
    given = without_engine_keys(_opened(_filled(resource["inputs"], found)))
    known = {name: value for name, value in given.items() if not MARK.search(json.dumps(value))}
    checked = provider.check(known, known)
    assert not checked.failures, [failure.reason for failure in checked.failures]
    _learn(given, checked.inputs, found)
    made = provider.create(_filled(given, found))
    _learn(_opened(resource["outputs"]), made.outs, found)
    _learn(resource["id"], made.id, found)


def _learn(told: Any, there: Any, found: Found) -> None:
    """Find what stands in `there` where `told` has marks."""
    if isinstance(told, dict):
        for name in told.keys() & there.keys():
            _learn(told[name], there[name], found)
    elif isinstance(told, list):
        for one, other in zip(told, there, strict=True):
            _learn(one, other, found)
    elif isinstance(told, str) and (marks := MARK.findall(text := _filled(told, found))):
        pattern = "(.+)".join(map(re.escape, MARK.split(text)))
        matched = re.fullmatch(pattern, there, re.DOTALL)
        assert matched, f"{told} is {there} now"
        found.update(zip(marks, matched.groups(), strict=True))


def _filled(value: Any, found: Found) -> Any:
    """`value` without the marks that are found."""
    if isinstance(value, str):
        return MARK.sub(lambda mark: found.get(mark[0], mark[0]), value)
    return _each(value, lambda one: _filled(one, found))


def _each(value: Any, make: Any) -> Any:
    if isinstance(value, dict):
        return {name: make(one) for name, one in value.items()}
    return [make(one) for one in value] if isinstance(value, list) else value


def _opened(value: Any) -> Any:
    """`value` with secrets as they are."""
    if isinstance(value, dict) and SECRET in value:
        return value["plaintext"]
    return _each(value, _opened)


def _sealed(value: Any) -> Any:
    """`value` with secrets as the engine writes them: as JSON."""
    if isinstance(value, dict) and SECRET in value:
        return {**value, "plaintext": json.dumps(value["plaintext"])}
    return _each(value, _sealed)


def _unsealed(value: Any) -> Any:
    if isinstance(value, dict) and SECRET in value:
        return {**value, "plaintext": json.loads(value["plaintext"])}
    return _each(value, _unsealed)


def _marked(one: Any, other: Any, name: str, atoms: list[tuple[str, str, str]]) -> Any:
    """`one`, with a mark wherever `other`, of another sandbox, differs."""
    if isinstance(one, dict):
        return {k: _marked(v, other[k], f"{name} {k}", atoms) for k, v in one.items()}
    if isinstance(one, list):
        return [_marked(a, b, name, atoms) for a, b in zip(one, other, strict=True)]
    if not isinstance(one, str):
        assert one == other, name
        return one
    for here, there, mark in atoms:
        one, other = one.replace(here, mark), other.replace(there, mark)
    if one != other:
        atoms.append((one, other, f"<<{name}>>"))
        return atoms[-1][2]
    return one


def _kept(export: Any, again: Any) -> Any:
    """`export` with marks, and without what only tells of the run."""
    others = {r["urn"]: r for r in again["deployment"]["resources"]}
    resources = export["deployment"]["resources"]
    atoms: list[tuple[str, str, str]] = []
    for resource in sorted(resources, key=lambda one: not token(one)):  # components repeat ours
        for gone in OF_THE_RUN & resource.keys():
            del resource[gone]
        if resource["type"].startswith("pulumi:providers:"):
            continue
        name = f"{token(resource) or resource['type']} {resource['urn'].rpartition('::')[2]}"
        for part in ("inputs", "outputs", "id"):
            if part in resource:
                other = others[resource["urn"]][part]
                resource[part] = _marked(resource[part], other, name, atoms)
    deployment = {"manifest": export["deployment"]["manifest"], "resources": resources}
    return {"version": export["version"], "deployment": deployment}


def _exported(program: str) -> Any:
    """The state of that program in a sandbox of its own."""
    with tempfile.TemporaryDirectory() as folder, Sandbox(clouds()) as sandbox:
        home = Path(folder)
        stack = Stack(home / "stack", settings(sandbox, find_engine(), home / "backend"))
        stack.program(program)
        stack.up()
        export = json.loads(stack.run("stack", "export", "--show-secrets").text)
        stack.destroy()
        return _unsealed(export)


def _written(kept: Any) -> str:
    """`kept` as JSON, one resource a line."""
    lines = [json.dumps(one, sort_keys=True) for one in kept["export"]["deployment"]["resources"]]
    deployment = {**kept["export"]["deployment"], "resources": []}
    whole = {**kept, "export": {**kept["export"], "deployment": deployment}}
    text = json.dumps(whole, indent=1, sort_keys=True) + "\n"
    return text.replace('"resources": []', '"resources": [\n' + ",\n".join(lines) + "\n]")


if __name__ == "__main__":
    _, release, text = sys.argv
    FOLDER.mkdir(exist_ok=True)
    kept = {"program": text.splitlines(), "export": _kept(_exported(text), _exported(text))}
    (FOLDER / f"{release}.json").write_text(_written(kept))
