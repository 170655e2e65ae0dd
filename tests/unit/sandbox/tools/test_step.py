"""A step ends in time, and with it all that it started."""

import os
import select
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_interrupted_as_it_starts_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    start, started = subprocess.Popen, []

    def interrupted(*command: Any, **how: Any) -> Any:
        started.append(start(*command, **how))
        signal.raise_signal(number)
        return started[0]

    monkeypatch.setattr(subprocess, "Popen", interrupted)
    usual = signal.signal(number, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            run(["sleep", "600"], tmp_path, os.environ, print)
    finally:
        signal.signal(number, usual)
    assert started[0].returncode == -signal.SIGKILL


def test_a_failure_has_the_commands_last_words(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="no such module") as caught:
        run(["sh", "-c", "echo no such module >&2; exit 1"], tmp_path, os.environ, print)
    assert caught.value.last == "no such module"
