"""A `pulumi up` that a user ends with Ctrl-C."""

import signal
import subprocess
import time

from tests.sandbox.stack import Stack


def interrupted(stack: Stack, waiting: str) -> tuple[float, str]:
    """Interrupt an `up` once it prints `waiting`: the seconds until it is over, and what it told.

    It has to fail.
    """
    with subprocess.Popen(
        ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--color", "never"],
        cwd=stack.home,
        env=dict(stack.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stdout
        told = ""
        for line in iter(running.stdout.readline, ""):
            told += line
            if waiting in line:
                break
        else:
            raise AssertionError(f"it ended before it waited:\n{told}")
        begun = time.monotonic()
        running.send_signal(signal.SIGINT)
        told += running.stdout.read()
        assert running.wait(), told
    return time.monotonic() - begun, told
