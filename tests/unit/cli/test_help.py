"""Every command says how it is used, with examples that work."""

import re
import shlex
from collections import Counter
from collections.abc import Iterator
from glob import glob
from pathlib import Path

import click
import pytest

from palette_backup_provider.cli import main
from palette_backup_provider.cli.help import HELP
from palette_backup_provider.cli.sandbox.start import start
from palette_backup_provider.sandbox.cloud import clouds
from palette_backup_provider.sandbox.run import Sandbox
from tests.unit.cli.conftest import Make, Run
from tests.unit.cli.test_import import instance, resource, state
from tests.unit.fleet.examples import INVENTORY
from tests.unit.review.golden import FOLDER


def commands(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command below one, and itself, by what a person types."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            if one := command.get_command(context, name):
                yield from commands(one, f"{path} {name}".strip())


COMMANDS = dict(commands(main))
ROOT = Path(__file__).parents[3]
PAGES = [page.read_text() for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))]
PREVIEW = (FOLDER / "rotation-due.json").read_text()
EXAMPLES = [
    *(
        line.strip()
        for command in COMMANDS.values()
        for line in (command.epilog or "").partition("Examples:\n")[2].splitlines()
    ),
    *re.findall(r"(?m)^palette-backup .*$", "\n".join(PAGES)),
]


def ours(example: str) -> list[str]:
    """The arguments of `palette-backup` in an example, as a shell has them."""
    shell = shlex.shlex(example, posix=True, punctuation_chars="|>")
    shell.whitespace_split = True
    words = list(shell)
    arguments = words[words.index("palette-backup") + 1 :]
    ends = (i for i, word in enumerate(arguments) if word in ("|", ">"))
    return arguments[: next(ends, len(arguments))]


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path or "alone")
def test_help_is_whole_and_has_examples(run: Run, path: str) -> None:
    told = run(*path.split(), "-h", env={"COLUMNS": "80"}).stdout
    assert told == run(*path.split(), "--help", env={"COLUMNS": "80"}).stdout
    assert told.startswith(f"Usage: main {path}".rstrip())
    assert told.endswith("\n") and not told.endswith("\n\n")
    assert max(map(len, told.splitlines())) <= 100
    examples = told.partition("\n  Examples:\n")[2].splitlines()
    assert examples and all(line.startswith("    ") for line in examples)
    assert all(f"palette-backup {path}".rstrip() in line for line in examples)
    assert "..." not in told.partition("Commands:")[2]


def test_without_arguments_it_says_what_there_is(run: Run) -> None:
    for path in ((), ("fleet",), ("sandbox",)):
        assert run(*path, ok=False).output == run(*path, "-h").output


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_works(
    run: Run,
    make: Make,
    pulumi: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    sandbox: Sandbox,
    example: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for cloud in clouds().values():  # faults of clouds are planned here, and strike nothing
        for service, errors in cloud.errors.items():
            monkeypatch.setitem(sandbox.conditions.errors, service, errors)
            monkeypatch.setitem(sandbox.conditions._calls, service, Counter())
    uid = make("nightly")
    text = state(resource("nightly", instance(uid)))
    Path("terraform.tfstate").write_text(text)
    Path("fleet.yaml").write_text(INVENTORY)
    for file in (Path("preview.json"), Path("stacks/dev.json")):
        file.parent.mkdir(exist_ok=True)
        file.write_text(PREVIEW)
    words = [uid if word == "UID" else word for word in ours(example)]
    arguments = [one for word in words for one in (glob(word) if "*" in word else [word])]
    if arguments[:2] == ["sandbox", "start"]:  # it runs until it is stopped
        top = click.Context(main, help_option_names=HELP["help_option_names"])  # click keeps them
        start.make_context("start", arguments[2:], parent=top)
        return
    # of the clouds none is signed in to here, which doctor tells
    healthy = arguments[0] != "doctor" or "--only" in arguments
    told = run(*arguments, ok=healthy, input=PREVIEW if arguments[0] == "diff" else text).stdout
    if ">" in example and "__main__.py" in example:
        compile(told, "program", "exec")
        assert f'adopt="{uid}"' in told
    else:
        assert re.search(r"\S", told) or "--tenant" in arguments
