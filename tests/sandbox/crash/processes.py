"""A `pulumi` command that is stopped at a remote call, and then killed or interrupted."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfile
from typing import Literal

from tests.sandbox.control import Control
from tests.sandbox.crash.wire import When
from tests.sandbox.stack import TIMEOUT, Stack

Victim = Literal["provider", "engine", "both"]
PROVIDER = b"pulumi.dynamic"
AT_ONCE = 0.05
"""Seconds between two looks at what the run does."""


@dataclass
class Stopped:
    """A run of `pulumi` in a session of its own, in which one call is held back."""

    stack: Stack
    control: Control
    command: str
    at: int
    when: When
    text: str = ""
    """What the run printed, once it is over."""
    _below: list[int] = field(default_factory=list)

    def __enter__(self) -> "Stopped":
        hold = {"service": "*", "call": "*", "fault": "stop", "when": self.when, "at": self.at}
        self.control.post("faults", [hold])
        self._log = (self.stack.folder / "run.log").open("w+")
        self._run = subprocess.Popen(
            ["pulumi", self.command, "--yes", "--skip-preview", "--non-interactive"],
            cwd=self.stack.home,
            env=dict(self.stack.environment),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        end = time.monotonic() + TIMEOUT
        while not self.control.get("calls")["held"]:
            assert self._run.poll() is None, f"it ended before call {self.at}\n{self._printed()}"
            assert time.monotonic() < end, f"it hangs before call {self.at}\n{self._printed()}"
            time.sleep(AT_ONCE)
        self._below = list(_below(self._run.pid))
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the call, and see every process of the run end."""
        self.control.post("faults", [])
        self._run.wait(TIMEOUT)
        for pid in self._below:
            self._outlived(pid)
        self.text = self._printed()
        self._log.close()
        self.stack.transcript.append(f"$ pulumi {self.command}\n{self.text}")

    def kill(self, victim: Victim) -> None:
        """SIGKILL, to processes of this run alone."""
        if victim != "provider":
            self._run.kill()
        if victim != "engine":
            providers = [pid for pid in self._below if PROVIDER in _command(pid)]
            assert providers, "no provider process is running"
            for pid in providers:
                os.kill(pid, signal.SIGKILL)
        self._settle()

    def interrupt(self) -> None:
        """What Ctrl-C in a terminal does: SIGINT to the whole session."""
        os.killpg(self._run.pid, signal.SIGINT)

    def wait_for_death(self) -> None:
        self._run.wait(TIMEOUT)

    def _settle(self) -> None:
        """Wait for the kernel to end the connections of who was killed."""
        time.sleep(0.3)

    def _outlived(self, pid: int) -> None:
        """A provider that outlives its engine ends its call; nobody hears of it. Then it goes."""
        end = time.monotonic() + 5
        while _command(pid) and time.monotonic() < end:
            time.sleep(AT_ONCE)
        if _command(pid):
            os.kill(pid, signal.SIGKILL)

    def _printed(self) -> str:
        return Path(self._log.name).read_text()


def recover(stack: Stack, command: str) -> None:
    """Do what Pulumi and we ask for after `command` crashed, until `pulumi up` has done its work.

    State may hold what a `destroy` had already deleted, so that a refresh comes first.
    """
    if command == "destroy":
        _done(stack, "refresh", "--clear-pending-creates")
    _done(stack, "up")


def _done(stack: Stack, command: str, *flags: str) -> None:
    for _ in range(4):
        run = stack.run(command, "--yes", "--skip-preview", *flags, ok=None)
        if "pulumi cancel" in run.text:
            stack.run("cancel", "--yes")
        elif "failed to load checkpoint" in run.text:  # killed while it wrote the file
            for part in ("", ".attrs"):
                copyfile(f"{stack.file}.bak{part}", f"{stack.file}{part}")
        elif run.code and "pulumi refresh" in run.text:
            stack.refresh("--clear-pending-creates")
        else:
            break
    assert run.code == 0, run.text


def _below(pid: int) -> Iterator[int]:
    """The processes that descend from `pid`."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            yield child
            yield from _below(child)


def _command(pid: int) -> bytes:
    """Its command line; empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""
