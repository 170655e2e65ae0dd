"""With a sandbox's settings no program reaches a real cloud, whatever lies about on the machine."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from palette_backup_provider.sandbox.run import Sandbox
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
PLANTED = {
    "AWS_PROFILE": "production",
    "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/admin",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.2/credentials",
    "AWS_SESSION_TOKEN": "planted-session-token",
    "GOOGLE_CLOUD_PROJECT": "production",
    "ARM_CLIENT_SECRET": "planted-client-secret",
    "PALETTE_API_KEY": "planted-api-key",
    "SPECTROCLOUD_HOST": "api.spectrocloud.com",
}
PROFILE = "[default]\naws_access_key_id = AKIAPLANTED\naws_secret_access_key = planted-secret-key\n"


def test_planted_credentials_stay_out_of_reach(
    running: Sandbox, environment: dict[str, str], new_stack: Callable[..., Stack], tmp_path: Path
) -> None:
    home, watch, log = tmp_path / "home", tmp_path / "watch", tmp_path / "connections"
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "credentials").write_text(PROFILE)
    watch.mkdir()
    (watch / "sitecustomize.py").write_text(WATCH)
    planted = {**os.environ, **PLANTED, "HOME": str(home)}
    environment.update(running.environment(planted) | {"PATH": environment["PATH"]})
    environment["PYTHONPATH"] = os.pathsep.join((str(watch), environment["PYTHONPATH"]))
    environment["WATCHED"] = str(log)
    leave = "import socket; socket.socket().connect(('192.0.2.1', 80))"
    subprocess.run([sys.executable, "-c", leave], env=environment, check=False, capture_output=True)
    assert "192.0.2.1" in log.read_text()  # the watch sees what leaves
    log.unlink()
    stack = new_stack()
    stack.program('AwsBackupLocation("nightly", AwsBackupLocationArgs(region="us-east-1"))')
    stack.up()
    stack.destroy()
    assert not log.exists(), log.read_text()
