"""Type checkers, as strict as they are, understand the programs people write, and their mistakes.

The examples with Pulumi's own packages are asked where those are installed: `make official`.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from palette_backup_provider.core.clouds import CLOUDS
from palette_backup_provider.engine.shared_args import RotationArgs
from tests.contract.samples import SAMPLES
from tests.contract.test_every_argument import REQUIRED
from tests.contract.test_every_component import COMPONENTS, args_of
from tests.contract.test_every_way import CALLED, GOOD, misspelt

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"(?ms)^```python\n(.*?)^```")
OFFICIAL = re.compile(r"(?m)^(?:import|from) (pulumi_\w+)")
IMPORTS = "import pulumi\nfrom palette_backup_provider import {names}\n{config}"

Reported = set[tuple[str, int]]
"""Lines at which an error is reported."""


def mypy(folder: Path) -> Reported:
    command = ["mypy", "--strict", "--no-error-summary", "--hide-error-context", str(folder)]
    return set(_found(_run(*command), r"(\w+\.py):(\d+): error"))


def pyright(folder: Path) -> Reported:
    settings = {"typeCheckingMode": "strict", "extraPaths": [str(ROOT)], "pythonVersion": "3.11"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    told = json.loads(
        _run("pyright", "--outputjson", "--pythonpath", sys.executable, "--project", str(folder))
    )
    assert told["summary"]["filesAnalyzed"] == len(list(folder.glob("*.py")))
    return {
        (Path(one["file"]).name, one["range"]["start"]["line"] + 1)
        for one in told["generalDiagnostics"]
        if one["severity"] == "error"
    }


CHECKERS = {"mypy": mypy, "pyright": pyright}
each_checker = pytest.mark.parametrize("checker", CHECKERS.values(), ids=CHECKERS)
Checker = Callable[[Path], Reported]


def _run(*command: str) -> str:
    tool = str(Path(sys.executable).with_name(command[0]))
    done = subprocess.run([tool, *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def _found(text: str, pattern: str) -> Iterator[tuple[str, int]]:
    return ((file, int(line)) for file, line in re.findall(pattern, text))


def programs() -> dict[str, str]:
    """Examples, templates, and each block of Python in README and docs, with its imports."""
    found = {f"example_{path.parent.name}": path.read_text() for path in _examples()}
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for number, text in enumerate(BLOCK.findall(page.read_text())):
            names = sorted({name for name in COMPONENTS if f"{name}(" in text})
            config = "config = pulumi.Config()\n" if "config." in text else ""
            imports = IMPORTS.format(names=", ".join(names), config=config)
            imports = imports if config else imports.removeprefix("import pulumi\n")
            found[f"{page.stem}_{number}"] = text if "\nfrom " in f"\n{text}" else imports + text
    return {name.replace("-", "_"): text for name, text in found.items()}


def _examples() -> Iterator[Path]:
    folders = (ROOT / "examples", ROOT / "templates")
    for path in sorted(file for folder in folders for file in folder.glob("*/__main__.py")):
        if all(map(find_spec, OFFICIAL.findall(path.read_text()))):
            yield path


ROTATED = {
    name: kind for name, kind in COMPONENTS.items() if issubclass(args_of(kind), RotationArgs)
}
COMMON = """\
from dataclasses import fields
from palette_backup_provider import LocationArgs, LocationArgsDict, RotationArgs, RotationArgsDict
from palette_backup_provider import {names}

common: LocationArgsDict = {{"project": "Default", "is_default": False}}
rotation = RotationArgsDict(rotate_after=90)
{calls}


def names(args: LocationArgs | RotationArgs) -> list[str]:
    return [field.name for field in fields(args)]


print(names(LocationArgs(**common)), names(RotationArgs(**rotation)))
"""


def common() -> str:
    """A program whose components share arguments."""
    calls = []
    for name, kind in ROTATED.items():
        own = [f"{key}={value!r}" for key, value in REQUIRED.items() if key in argument_names(kind)]
        given = ", ".join([*own, "**common", "**rotation"])
        calls += [f"{name}('a', {given})", f"{name}('b', {name}Args({given}))"]
    names = ", ".join(f"{name}, {name}Args" for name in ROTATED)
    return COMMON.format(names=names, calls="\n".join(calls))


def argument_names(kind: Any) -> set[str]:
    return {field.name for field in fields(args_of(kind))}


@each_checker
def test_every_example_and_every_program_of_the_docs_is_well_typed(
    checker: Checker, tmp_path: Path
) -> None:
    written = {**programs(), "common": common()}
    assert {"example_quickstart", "example_all", "README_0", "existing_0"} <= written.keys()
    for name, text in written.items():
        (tmp_path / f"{name}.py").write_text(text)
    assert checker(tmp_path) == set()


def calls(name: str, sample: Mapping[str, Any]) -> Iterable[str]:
    """Ways to call it, each on one line."""
    given = ", ".join(f"{key}={value!r}" for key, value in sample.items())
    yield f"{name}('a', {given})"
    yield f"{name}('a', {sample!r})"
    yield f"{name}('a', {name}Args({given}))"


def first_wrong(sample: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The sample with a name misspelt, at each depth."""
    for key, value in sample.items():
        if key != "kind":
            yield {misspelt(one) if one == key else one: inner for one, inner in sample.items()}
        if isinstance(value, dict) and key in ("identity", "object_lock", "storage", "credentials"):
            for wrong in first_wrong(value):
                yield {**sample, key: wrong}


def program(lines: Iterable[str]) -> str:
    rooms = ", ".join([*CLOUDS, "palette"])
    exported = ", ".join(f"{name}, {name}Args" for name in COMPONENTS)
    head = f"from palette_backup_provider import {rooms}, {exported}  # pyright: ignore\n"
    return head + "".join(f"{line}\n" for line in lines)


@each_checker
def test_every_misspelling_is_reported(checker: Checker, tmp_path: Path) -> None:
    right = [
        line for name in CALLED for sample in GOOD[name] for line in list(calls(name, sample))[:2]
    ]
    wrong = [
        line
        for name in CALLED
        for sample in GOOD[name]
        for spelled in [*first_wrong(sample), {**sample, "qqqq": 1}]
        for line in calls(name, spelled)
    ]
    assert len(wrong) > 3 * sum(len(samples) for samples in SAMPLES.values())
    (tmp_path / "right.py").write_text(program(right))
    (tmp_path / "wrong.py").write_text(program(wrong))
    reported = checker(tmp_path)
    assert {line for file, line in reported if file == "right.py"} == set()
    missed = {number for number, _ in enumerate(wrong, 2)} - {
        line for file, line in reported if file == "wrong.py"
    }
    assert [wrong[number - 2] for number in sorted(missed)] == []
