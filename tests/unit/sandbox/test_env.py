"""The settings lead to the sandbox, to nothing real, and are for their owner's eyes only."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from palette_backup_provider.core.clouds import CLOUDS
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.sandbox import env
from palette_backup_provider.sandbox.cloud import clouds
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.service import services

PLANTED = {
    **{name: value for one in services().values() for name, value in one.planted.items()},
    **{f"{one}_THING": "real" for cloud in CLOUDS.values() for one in cloud.variables},
    "PALETTE_INSECURE": "true",
    "SPECTROCLOUD_APIKEY": "real",
}


def in_shell(shell: str, file: Path, environment: dict[str, str]) -> dict[str, str]:
    """The environment of a program started by a shell that has read the file."""
    command = f"set -eu; . '{file}'; exec env -0"
    output = subprocess.run(
        [shell, "-c", command], env=environment, check=True, capture_output=True, text=True
    ).stdout
    return dict(line.split("=", 1) for line in output.split("\0") if line)


@pytest.mark.parametrize("shell", ["sh", "bash", "zsh"])
def test_shell_gets_the_sandbox_and_loses_what_is_real(
    running: Sandbox, tmp_path: Path, shell: str
) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    file = tmp_path / "env"
    env.write(file, running.env).close()
    base = {"PATH": os.environ["PATH"], "HOME": "/home/somebody"}
    found = in_shell(shell, file, base | PLANTED)
    assert running.env.items() <= found.items()
    assert not PLANTED.keys() & (found.keys() - running.env.keys())
    assert found["HOME"] == "/home/somebody"


def test_program_started_from_python_gets_the_same(running: Sandbox) -> None:
    found = running.environment({"HOME": "/home/somebody"} | PLANTED)
    assert found == {"HOME": "/home/somebody"} | running.env


def test_values_survive_the_shell(tmp_path: Path) -> None:
    settings = {"A": 'it\'s $HOME `x` "y"', "B": "two\nlines"}
    env.write(tmp_path / "env", settings).close()
    found = in_shell("sh", tmp_path / "env", {"PATH": os.environ["PATH"]})
    assert settings.items() <= found.items()


def test_what_was_written_is_read(tmp_path: Path) -> None:
    settings = {"A": 'it\'s $HOME `x` "y" # z', "B": "two\nexport C=1", "D": "", "E": "a=b"}
    env.write(tmp_path / "env", settings).close()
    assert env.read(tmp_path / "env") == settings


def test_a_file_of_somebody_else_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "env").write_text("export A=1\n")
    with pytest.raises(ProviderError, match="was not written by a sandbox"):
        env.read(tmp_path / "env")
    with pytest.raises(ProviderError, match=r"nothing cannot be read\. A sandbox writes it"):
        env.read(tmp_path / "nothing")


def test_settings_that_a_program_needs(running: Sandbox) -> None:
    expected = {
        "PALETTE_HOST",
        "PALETTE_API_KEY",
        "PALETTE_CA_CERT",
        "PALETTE_PROJECT",
        "PALETTE_BACKUP_SANDBOX_TOKEN",
        *(name for cloud in running.clouds for name in services()[cloud].needed),
        *(name for cloud in clouds().values() for name in cloud.out_of_reach),
    }
    assert expected <= running.env.keys()
    assert running.env["PALETTE_PROJECT"] == "Default"


def test_places_where_sdks_look_for_credentials_are_empty(running: Sandbox) -> None:
    for name in (name for cloud in clouds().values() for name in cloud.nowhere):
        assert not Path(running.env[name]).exists()


def test_file_is_for_its_owner_only(tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        env.write(tmp_path / "new" / "env", {"A": "1"}).close()
    finally:
        os.umask(umask)
    assert (tmp_path / "new" / "env").stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path / "new") == ["env"]


def test_leftover_of_an_earlier_run_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "env"
    env.write(file, {"A": "1"}).close()
    file.chmod(0o644)
    env.write(file, {"A": "2"}).close()
    assert "export A=2" in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_file_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine\n")
    link = tmp_path / "link"
    link.symlink_to(precious)
    for path in (precious, link, tmp_path):
        with pytest.raises(ProviderError, match="not written by a sandbox"):
            env.write(path, {"A": "1"})
    assert precious.read_text() == "mine\n"


def test_file_is_removed_only_while_it_is_ours(tmp_path: Path) -> None:
    file = tmp_path / "env"
    env.write(file, {"TOKEN": "of-the-second-run"}).close()
    env.remove(file, "of-the-first-run")
    assert file.exists()
    env.remove(file, "of-the-second-run")
    assert not file.exists()
    env.remove(file, "of-the-second-run")


def test_the_file_of_a_sandbox_that_runs_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "env"
    with Sandbox([], file):
        kept = file.read_text()
        with pytest.raises(ProviderError, match="a sandbox that is running"):
            Sandbox([], file).start()
        assert file.read_text() == kept
        with Sandbox([], tmp_path / "another"):
            pass
    with Sandbox([], file):
        assert file.read_text() != kept
    assert not file.exists()


def test_the_file_of_a_sandbox_that_was_killed_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "env"
    code = (
        "import os, sys; from pathlib import Path; "
        "from palette_backup_provider.sandbox import env; "
        "kept = env.write(Path(sys.argv[1]), {'A': '1'}); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(file)])
    assert killed.returncode == -9 and "export A=1" in file.read_text()
    env.write(file, {"A": "2"}).close()
    assert "export A=2" in file.read_text()


def test_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ProviderError, match=r"Cannot write .*file/env"):
        env.write(tmp_path / "file" / "env", {})
