import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from palette_backup_provider.sandbox.tools import go_build, pulumi, yaml_host
from palette_backup_provider.sandbox.tools.cache import Cache
from palette_backup_provider.sandbox.tools.go_program import GoProgram, NoProgram, Programs
from palette_backup_provider.sandbox.tools.step import Say, StepFailed
from tests.clouds import in_some_folders
from tests.unit.sandbox import __name__ as SANDBOX

OF_CLOUDS = in_some_folders(SANDBOX, "built")
PROGRAMS = [yaml_host.YAML_HOST, *(each.PROGRAM for each in OF_CLOUDS.values())]
each_program = pytest.mark.parametrize("wanted", PROGRAMS, ids=lambda one: one.command)

MAIN = "from palette_backup_provider.cli import main; main()"
MODULES = [pulumi.__name__, yaml_host.__name__, *(each.MODULE for each in OF_CLOUDS.values())]
COMMANDS = {
    **{f"start {one}": ("-c", MAIN, "sandbox", "start", "--clouds", one) for one in OF_CLOUDS},
    **{module.rpartition(".")[2]: ("-m", module) for module in MODULES},
}


def program(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


class Go:
    """Stands in for the Go command."""

    def __init__(self, wanted: GoProgram, sum: str = "") -> None:
        self.wanted, self.sum = wanted, sum or wanted.hash
        self.commands: list[Sequence[str]] = []

    def __call__(
        self, command: Sequence[str], folder: Path, settings: Mapping[str, str], say: Say
    ) -> str:
        self.commands.append(command)
        if command[1] == "build":
            folder = Path(command[command.index("-o") + 1])
            (folder / self.wanted.command).write_text("the program")
            assert command[-1] == self.wanted.module + self.wanted.package
            return ""
        module = {"Path": self.wanted.module, "Version": self.wanted.version}
        return json.dumps({**module, "Sum": self.sum, "Dir": "/somewhere"})


def programs(tmp_path: Path, go: Go) -> Programs:
    path = tmp_path / "bin"
    path.mkdir(exist_ok=True)
    return Programs(Cache(tmp_path / "cache"), path=str(path), say=lambda _: None, run=go)


@each_program
def test_a_program_on_path_wins(tmp_path: Path, wanted: GoProgram) -> None:
    mine, go = program(tmp_path / "bin", wanted.command), Go(wanted)
    program(tmp_path / "bin", "go")
    assert programs(tmp_path, go).find(wanted) == mine
    assert go.commands == []


@each_program
def test_it_is_built_once_from_the_pinned_module(tmp_path: Path, wanted: GoProgram) -> None:
    program(tmp_path / "bin", "go")
    go = Go(wanted)
    built = programs(tmp_path, go).find(wanted)
    assert built.read_text() == "the program"
    assert wanted.version in str(built)
    assert programs(tmp_path, go).find(wanted) == built
    assert [command[1] for command in go.commands] == ["mod", "build"]


@each_program
def test_a_module_of_other_contents_is_not_built(tmp_path: Path, wanted: GoProgram) -> None:
    program(tmp_path / "bin", "go")
    go = Go(wanted, "h1:tampered")
    with pytest.raises(StepFailed, match="not the module it was"):
        programs(tmp_path, go).find(wanted)
    assert [command[1] for command in go.commands] == ["mod"]


@each_program
def test_without_it_and_without_go_it_says_what_to_install(
    tmp_path: Path, wanted: GoProgram
) -> None:
    with pytest.raises(NoProgram, match=rf"Go {wanted.go} or newer"):
        programs(tmp_path, Go(wanted)).find(wanted)


@each_program
def test_its_contents_are_pinned_by_the_file_of_hashes_too(wanted: GoProgram) -> None:
    sums = (Path(go_build.__file__).parent / "go_sums" / wanted.sums).read_text()
    assert f"{wanted.module} {wanted.version} {wanted.hash}\n" in sums


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_build_ends_with_what_began_it(
    command: str, number: signal.Signals, tmp_path: Path
) -> None:
    (tmp_path / "tmp").mkdir()
    os.mkfifo(tmp_path / "builds")
    endless = f"exec 3>{tmp_path / 'builds'}; echo begun >&3; exec /bin/sleep 600"
    program(tmp_path / "bin", "go").write_text(f"#!/bin/sh\n{endless}\n")
    with subprocess.Popen(
        [sys.executable, *COMMANDS[command]],
        cwd=tmp_path,
        env={
            "PATH": str(tmp_path / "bin"),
            "PYTHONPATH": str(Path(__file__).parents[4]),
            "TMPDIR": str(tmp_path / "tmp"),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            with (tmp_path / "builds").open() as builds:
                assert builds.readline() == "begun\n"
                process.send_signal(number)
                told, errors = process.communicate(timeout=20)
                assert builds.read() == ""  # which only ends with the last who could write
        finally:
            process.kill()
    assert (process.returncode, told) == (130, "")
    assert "Traceback" not in errors
    assert [path.name for path in (tmp_path / "cache/palette-backup").iterdir()] == ["lock"]
    assert not [*(tmp_path / "tmp").iterdir()]
    assert not (tmp_path / "sandbox.env").exists()
