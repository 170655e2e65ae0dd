"""Every block of code in the documentation is run, or judged by whoever would take it.

A block of a language, and a command of a tool, that nobody judges fails. Programs are typed by
`tests/contract/test_typed.py`, and run here against Pulumi's mocks; the commands of README and
Install are followed in `test_from_an_empty_folder.py`, those of operating a stack in
`test_docs.py`.
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pulumi
import pytest
import trustme
import yaml
from click.testing import CliRunner
from pip._internal.commands import create_command

from palette_backup_provider.cli import main
from palette_backup_provider.fleet.document import BadInventory
from palette_backup_provider.fleet.inventory import load
from palette_backup_provider.registry import NAMESPACES
from palette_backup_provider.review.policies.documents import document
from tests.contract.blocks import Block, blocks, commands
from tests.contract.pages import PACKAGE, ROOT
from tests.contract.plugin_programs import judge_plugin_program, judge_plugin_yaml
from tests.contract.recorded import recorded
from tests.contract.test_typed import programs
from tests.sandbox.folders import in_each_folder

BLOCKS = list(blocks())
CLOUDS = in_each_folder("commands").values()
JUDGES = {name: judge for each in CLOUDS for name, judge in each.JUDGES.items()}
"""Who judges the commands of tools that only one cloud has."""
FOREIGN: Mapping[str, set[str]] = {
    **{command: options for each in CLOUDS for command, options in each.FOREIGN.items()},
    "pipx install": set(),
    "pipx run": {"--spec"},
    "pre-commit install": set(),
    "uvx": {"--from"},
}
"""Tools that are not here, with the options that their documentation has."""
SHELL = {"echo", "cd", "mkdir", "export", "."}
KNOWN = {key.name for space in NAMESPACES for key in space.keys}
VARIABLES = {one for space in NAMESPACES for key in space.keys for one in key.variables}
MAKEFILE = (ROOT / "Makefile").read_text()
ASK_PALETTE = ("get_backup_location(", "fleet.declare(")
"""Programs that ask Palette before they declare anything; they run on the sandbox, elsewhere."""


@pytest.fixture(scope="module")
def tools(engine: Path) -> Mapping[str, Path]:
    """The tools that are here, and say by --help whether they would take a command."""
    here = Path(sys.executable).parent
    return {
        "pulumi": engine / "pulumi",
        "uv": here / "uv",
        "uvx": here / "uvx",
        "pipx": here / "pipx",
    }


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.where)
def test_it_is_judged(block: Block, tools: Mapping[str, Path], tmp_path: Path) -> None:
    match block.language:
        case "python":
            assert any(block.text in program for program in programs().values())
            compile(block.text, block.where, "exec")
        case "bash":
            for words in commands(block.text):
                judge_command(words, tools)
        case "json":
            judge_json(json.loads(block.text))
        case "yaml":
            judge_yaml(block.text, tmp_path)
        case "typescript" | "go" | "java":
            judge_plugin_program(block.language, block.text)
        case "":
            judge_text(block, tmp_path)
        case "mermaid":
            assert block.where.startswith("docs/architecture.md")  # test_architecture.py judges it
        case "{toctree}" | "{literalinclude}":
            assert block.where.startswith("docs/")  # Sphinx judges it
        case other:
            pytest.fail(f"nobody judges a block of {other}")


def judge_command(words: list[str], tools: Mapping[str, Path]) -> None:
    """Fails if the tool would not take this command."""
    name, *rest = words
    match name:
        case "palette-backup":
            shown = CliRunner().invoke(main, [*rest, "--help"])
            assert shown.exit_code == 0, shown.output
        case "pulumi" | "uv":
            judge_by_help(tools[name], tuple(rest))
        case "uvx" | "pipx" if "palette-backup" in rest:
            ours = words.index("palette-backup")
            judge_foreign(words[:ours])
            judge_command(words[ours:], tools)
        case _ if name in JUDGES:
            JUDGES[name](rest)
        case "make":
            assert all(re.search(rf"(?m)^{target}:", MAKEFILE) for target in rest)
        case "python3":
            assert rest[0] == "-m" and find_spec(rest[1])
        case "pip" | ".venv/bin/pip":
            create_command(rest[0]).parser.parse_args(rest[1:])
        case _ if name in SHELL:
            pass
        case _:
            judge_foreign(words)


@cache
def judge_by_help(tool: Path, words: tuple[str, ...]) -> None:
    """A command is taken if --help along with it is answered, by its own usage."""
    told = subprocess.run([str(tool), *words, "--help"], capture_output=True, text=True)
    usage = re.search(r"Usage:\s+\S+((?: [a-z-]+)+)(.*)", told.stdout)
    assert told.returncode == 0 and usage, told.stderr
    command = len(usage[1].split())
    pairs = zip(words[command - 1 :], words[command:], strict=False)
    more = [word for before, word in pairs if not (before.startswith("-") or word.startswith("-"))]
    assert not more or re.search(r"[<\[](?!flags|command)", usage[2], re.IGNORECASE)


def judge_foreign(words: list[str]) -> None:
    options = {word for word in words if word.startswith("--")}
    known = [FOREIGN[one] for one in FOREIGN if f"{' '.join(words)} ".startswith(f"{one} ")]
    assert known, f"nobody judges {words[0]}"
    assert options <= known[0]


def judge_json(value: Any) -> None:
    """A policy document, or the settings of the policy pack."""
    if "Statement" in value:
        assert value["Version"] == "2012-10-17"
        assert not document(value).unread
        for statement in value["Statement"]:
            assert statement["Effect"] in ("Allow", "Deny") and statement["Action"]
            assert statement.keys() <= {"Effect", "Principal", "Action", "Resource", "Condition"}
    else:
        pack = (ROOT / "policy-pack/__main__.py").read_text()
        for policy, settings in value.items():
            named = {policy, *(settings.keys() - {"enforcementLevel"})}
            assert all(f'"{name}"' in pack for name in named)


def judge_yaml(text: str, folder: Path) -> None:
    """The inventory of a fleet, an environment of Pulumi ESC, or a program for the plugin."""
    found = yaml.safe_load(text)
    if "projects" in found:
        (folder / "fleet.yaml").write_text(text)
        assert load(folder / "fleet.yaml").locations
    elif "plugins" in found:
        assert [one["name"] for one in found["plugins"]["providers"]] == ["palette-backup"]
    elif "values" not in found:
        judge_plugin_yaml(found)
    else:
        values = found["values"]
        assert values["environmentVariables"].keys() <= VARIABLES
        assert values["pulumiConfig"].keys() <= KNOWN


def judge_text(block: Block, folder: Path) -> None:
    """The rooms of the package in README, or what is said of a mistake in an inventory."""
    if block.where.startswith("README.md"):
        rooms = re.findall(r"(?:^|  \|  )([\w.]+)  ", block.text, re.MULTILINE)
        there = {path.name for path in PACKAGE.iterdir() if not path.name.startswith("_")}
        assert {*rooms, "py.typed"} == there
    else:
        inventory = next(one.text for one in BLOCKS if one.text.startswith("identities:"))
        misspelt = inventory.replace("identity: production,", "regoin: eu-west-1,")
        (folder / "fleet.yaml").write_text(misspelt)
        with pytest.raises(BadInventory) as caught:
            load(folder / "fleet.yaml")
        assert block.text.strip() in str(caught.value)


def test_every_program_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ca.pem").write_text(trustme.CA().cert_pem.bytes().decode())
    monkeypatch.setattr(pulumi.Config, "require_secret", lambda *_: pulumi.Output.secret("a" * 20))
    texts = [text for name, text in programs().items() if not name.startswith("example_")]
    running = [text for text in texts if not any(ask in text for ask in ASK_PALETTE)]
    assert len(running) > 8
    for text in running:
        assert recorded({"": lambda _, text=text: exec(text, {})}) or "\ndef " in text  # type: ignore[misc]
