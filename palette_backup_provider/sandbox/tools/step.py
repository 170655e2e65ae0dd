"""One step of getting a program: a command that ends, or is ended with all that it started."""

import math
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from palette_backup_provider.core.errors import ProviderError

_SIGN_OF_LIFE = 20.0
_LAST_LINES = 12

Say = Callable[[str], None]


def to_stderr(text: str) -> None:
    """Progress, kept apart from the one line of output."""
    click.echo(text, err=True)


class StepFailed(ProviderError):
    """A step ended with an error, or not in time."""

    def __init__(self, message: str, last: str = "") -> None:
        super().__init__(message)
        self.last = last
        """The last words of the command."""


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    say: Say,
    limit: float = math.inf,
) -> str:
    """What the command writes to stdout, within `limit` seconds; a sign of life while it works.

    It is in a session of its own, so that an end of ours ends what it started as well.
    """
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = None
        try:
            with _signals_held_back():
                process = subprocess.Popen(
                    command,
                    cwd=folder,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    start_new_session=True,
                )
            passed = 0.0
            while process.poll() is None:
                try:
                    process.wait(min(_SIGN_OF_LIFE, limit - passed))
                except subprocess.TimeoutExpired:
                    passed = time.monotonic() - begun
                    if passed >= limit:
                        raise _failed(command, f"It did not end within {limit:g} s.") from None
                    say(f"    still at it, {passed:.0f} s")
        finally:
            if process and process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        out.seek(0)
        err.seek(0)
        if process.returncode:
            raise _failed(command, "\n".join(err.read().strip().splitlines()[-_LAST_LINES:]))
        return out.read()


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """A signal in the midst of a start would leave a process behind that nobody knows of."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    usual = {
        number: signal.signal(number, lambda *received: came.append(received[0]))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)
        for each in came:
            signal.raise_signal(each)


def show(find: Callable[[], Path]) -> None:
    """Prints what `find` finds, for a script. Whatever ends this process ends its steps before."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        click.echo(find())
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except ProviderError as error:
        raise SystemExit(str(error)) from None


def _failed(command: Sequence[str], last: str) -> StepFailed:
    return StepFailed(f"`{' '.join(command[:3])}` failed:\n{last}", last)
