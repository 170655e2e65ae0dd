"""A step ends in time, and with it all that it started."""

import os
import select
from collections.abc import Callable
from pathlib import Path

import pytest

from palette_backup_provider.sandbox.tools import step
from palette_backup_provider.sandbox.tools.step import StepFailed, run

ENDLESS = ["sh", "-c", "exec 3>writers; sleep 600 & echo started >&3; wait"]


@pytest.fixture
def written(tmp_path: Path) -> Callable[[], str]:
    """What a step has written to `writers`, once every process that could is gone."""
    os.mkfifo(tmp_path / "writers")
    reader = os.open(tmp_path / "writers", os.O_RDONLY | os.O_NONBLOCK)

    def read() -> str:
        found = b""
        while select.select([reader], [], [], 10)[0]:
            if not (more := os.read(reader, 100)):
                return found.decode()
            found += more
        raise AssertionError("a process of the step is still there")

    return read


def test_what_takes_too_long_is_ended(tmp_path: Path, written: Callable[[], str]) -> None:
    with pytest.raises(StepFailed, match=r"did not end within 0\.5 s"):
        run(ENDLESS, tmp_path, os.environ, print, limit=0.5)
    assert written() == "started\n"


def test_what_is_interrupted_is_ended(
    tmp_path: Path, written: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "_SIGN_OF_LIFE", 0.5)

    def interrupt(text: str) -> None:
        assert text.strip().startswith("still at it")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(ENDLESS, tmp_path, os.environ, interrupt)
    assert written() == "started\n"


def test_a_failure_has_the_commands_last_words(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="no such module") as caught:
        run(["sh", "-c", "echo no such module >&2; exit 1"], tmp_path, os.environ, print)
    assert caught.value.last == "no such module"
