"""`palette-backup sandbox` and a program on the real engine, each in a shell of its own."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.components import ANY
from tests.sandbox.stack import Stack, settings

CREATE = f"POST /v1/users/assets/locations/{ANY.kind}"


@pytest.fixture
def shell(engine: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a shell that has read the line which `sandbox start` prints."""
    before = settings(Sandbox([]), engine, tmp_path / "backend")
    start = ["palette-backup", "sandbox", "start"]
    with subprocess.Popen(
        start, cwd=tmp_path, env=before, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        lines: list[str] = []
        while not lines or (lines[-1] and not lines[-1].startswith("Running.")):
            lines.append(process.stdout.readline())
        (line,) = (line.removeprefix("Use it") for line in lines if line.startswith("Use it"))
        told = subprocess.run(
            ["sh", "-ec", f"{line}env -0"], env=before, cwd="/", stdout=subprocess.PIPE, check=True
        ).stdout.decode()
        yield dict(one.split("=", 1) for one in told.split("\0") if one)
        process.terminate()
    assert process.returncode == 0 and not (tmp_path / "sandbox.env").exists()


def palette_backup(shell: dict[str, str], *arguments: str) -> str:
    return subprocess.run(
        ["palette-backup", *arguments], env=shell, stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def test_a_program_is_disturbed_by_commands(
    shell: dict[str, str], python: Path, tmp_path: Path
) -> None:
    stack = Stack(tmp_path / "stack", {**shell, "PATH": f"{python}:{shell['PATH']}"})
    stack.program(ANY.minimal())
    palette_backup(shell, "sandbox", "fault", "reset", "--when", "after", "--call", CREATE)
    stack.up()
    assert f"palette\t1\t{CREATE}\n" in palette_backup(shell, "sandbox", "calls")
    _, line = palette_backup(shell, "list").splitlines()
    uid, _, project, kind, _, region, owner, *_ = line.split("\t")
    assert (project, kind) == ("Default", ANY.kind) and f'"{region}"' in ANY.must
    assert owner.startswith("organization/lifecycle/dev/nightly")

    palette_backup(shell, "sandbox", "cluster", uid, "prod-1")
    assert "clusters back up to it (prod-1)" in stack.destroy(ok=False).errors
    palette_backup(shell, "sandbox", "cluster", uid)
    stack.destroy()
    assert palette_backup(shell, "list") == ""
