"""With a sandbox's settings no program reaches a real cloud, whatever lies about on the machine."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.components import ANY
from tests.sandbox.service import services
from tests.sandbox.stack import Stack

WATCH = '''\
"""Imported by every Python process: notes each connection that would leave this machine."""
import os, socket

connect = socket.socket.connect

def watched(self, address):
    if self.family != socket.AF_UNIX and str(address[0]) not in ("127.0.0.1", "::1", "localhost"):
        with open(os.environ["WATCHED"], "a") as log:
            log.write(f"{address}\\n")
        raise OSError("refused by the test")
    return connect(self, address)

socket.socket.connect = watched
'''


def test_planted_credentials_stay_out_of_reach(
    running: Sandbox, environment: dict[str, str], new_stack: Callable[..., Stack], tmp_path: Path
) -> None:
    home, watch, log = tmp_path / "home", tmp_path / "watch", tmp_path / "connections"
    home.mkdir()
    watch.mkdir()
    planted = {**os.environ, "HOME": str(home)}
    for service in services().values():
        planted |= service.planted
        for path, text in service.planted_files.items():
            (home / path).parent.mkdir(parents=True)
            (home / path).write_text(text)
    (watch / "sitecustomize.py").write_text(WATCH)
    environment.update(running.environment(planted) | {"PATH": environment["PATH"]})
    environment["PYTHONPATH"] = os.pathsep.join((str(watch), environment["PYTHONPATH"]))
    environment["WATCHED"] = str(log)
    leave = "import socket; socket.socket().connect(('192.0.2.1', 80))"
    subprocess.run([sys.executable, "-c", leave], env=environment, check=False, capture_output=True)
    assert "192.0.2.1" in log.read_text()  # the watch sees what leaves
    log.unlink()
    stack = new_stack()
    stack.program(ANY.minimal())
    stack.up()
    stack.destroy()
    assert not log.exists(), log.read_text()
