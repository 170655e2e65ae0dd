import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from palette_backup_provider.sandbox import minio_build
from palette_backup_provider.sandbox.cache import Cache
from palette_backup_provider.sandbox.go_build import BuildFailed, Say
from palette_backup_provider.sandbox.minio_build import SUMS, VERSION, NoMinio, Servers


def program(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


class Go:
    """Stands in for the Go command."""

    def __init__(self, sum: str = next(iter(SUMS.values()))) -> None:
        self.sum = sum
        self.commands: list[Sequence[str]] = []

    def __call__(
        self, command: Sequence[str], folder: Path, settings: Mapping[str, str], say: Say
    ) -> str:
        self.commands.append(command)
        if command[1] == "build":
            (Path(command[command.index("-o") + 1]) / "minio").write_text("the server")
            return ""
        path, _, version = next(iter(SUMS)).partition("@")
        found = {"Path": path, "Version": version, "Sum": self.sum, "Dir": "/somewhere"}
        return json.dumps(found)


def servers(tmp_path: Path, go: Go) -> Servers:
    path = tmp_path / "bin"
    path.mkdir(exist_ok=True)
    return Servers(Cache(tmp_path / "cache"), path=str(path), say=lambda _: None, run=go)


def test_a_server_on_path_wins(tmp_path: Path) -> None:
    mine, go = program(tmp_path / "bin", "minio"), Go()
    program(tmp_path / "bin", "go")
    assert servers(tmp_path, go).find() == mine
    assert go.commands == []


def test_it_is_built_once_from_the_pinned_module(tmp_path: Path) -> None:
    program(tmp_path / "bin", "go")
    go = Go()
    built = servers(tmp_path, go).find()
    assert built.read_text() == "the server"
    assert VERSION in str(built)
    assert servers(tmp_path, go).find() == built
    assert [command[1] for command in go.commands] == ["mod", "build"]


def test_a_module_of_other_contents_is_not_built(tmp_path: Path) -> None:
    program(tmp_path / "bin", "go")
    go = Go("h1:tampered")
    with pytest.raises(BuildFailed, match="not the module it was"):
        servers(tmp_path, go).find()
    assert [command[1] for command in go.commands] == ["mod"]


def test_without_a_server_and_without_go_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(NoMinio, match=rf"Go {minio_build.GO_VERSION} or newer"):
        servers(tmp_path, Go()).find()
