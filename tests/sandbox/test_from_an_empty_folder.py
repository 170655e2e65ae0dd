"""The documentation from its first page on, word for word: an empty folder and the built wheel."""

import re
from pathlib import Path

import pytest

from tests.sandbox.control import Control
from tests.sandbox.shell import Shell, path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"(?s)```(?:python|bash)\n(.*?)```")


def blocks(page: str) -> list[str]:
    """The programs and commands of a page."""
    return BLOCK.findall((ROOT / page).read_text())


WITH_PIP, WITH_UV, UP, *_ = blocks("docs/install.md")
FIRST = re.findall(r"docs/first/[\w-]+\.md", (ROOT / "README.md").read_text())[0]
"""The page that README names first."""
PROGRAM = next(one for one in blocks(FIRST) if "import pulumi" in one)
LOOK_UP = next(one for one in blocks("docs/existing.md") if "get_backup_location" in one)


@pytest.fixture
def shell(environment: dict[str, str], engine: Path, wheels: Path, tmp_path: Path) -> Shell:
    """Without the key, which is pasted where it is asked for."""
    key = environment.pop("PALETTE_API_KEY")
    del environment["PALETTE_PROJECT"]
    environment["PATH"] = path(engine, tmp_path)
    return Shell(tmp_path / "empty", environment, wheels, key)


@pytest.mark.parametrize(
    "commands", [pytest.param(WITH_PIP, id="pip"), pytest.param(WITH_UV, id="uv")]
)
@pytest.mark.sampled
def test_from_an_empty_folder_to_a_location(commands: str, shell: Shell, control: Control) -> None:
    program = shell.folder / "__main__.py"
    assert ("pip install" in commands) != ("uv add" in commands)
    program.write_text(PROGRAM)
    shell.run(f"{commands}\n{UP}")
    (location,) = control.locations()
    assert location["body"]["metadata"]["name"] == "nightly"
    assert shell.typed not in (shell.folder / "Pulumi.dev.yaml").read_text()

    program.write_text(LOOK_UP)
    other = "pulumi stack init other --copy-config-from dev"
    assert location["uid"] in shell.run(f". .venv/bin/activate\n{other}\npulumi preview")


def test_readme_begins_in_the_same_way() -> None:
    program, _, install, up = blocks("README.md")
    assert (program, install, up) == (PROGRAM, WITH_PIP, UP)


@pytest.mark.stress
@pytest.mark.parametrize("runner", ["uvx --from", "pipx run --spec"], ids=lambda one: one[:4])
def test_the_command_runs_without_being_installed(runner: str, shell: Shell) -> None:
    told = shell.run(f"{runner} 'palette-backup-provider[all]' palette-backup fleet schema")
    assert '"title": "Inventory"' in told
