"""Profiles of AWS that do not sign in, on the real engine: one line, no traceback, a soon end."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.sandbox.aws.components import AWS
from tests.sandbox.refusals import change, told
from tests.sandbox.stack import Stack

PROFILES = """\
[profile half]
aws_access_key_id = AKIAEXAMPLE
[profile chained]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = gone
[profile broken]
credential_process = sh -c 'echo the vault is locked >&2; exit 3'
[profile chatty]
credential_process = echo Welcome!
[profile hanging]
credential_process = sh -c 'echo begun >> {log}; sleep 600'
[profile mfa]
role_arn = arn:aws:iam::123456789012:role/r
mfa_serial = arn:aws:iam::123456789012:mfa/me
source_profile = base
[profile base]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = the-secret-of-the-base-profile
"""
SAYS = {
    "half": ["The AWS profile half: Partial credentials found", "Correct the profile half in ~/.a"],
    "chained": ['The source_profile "gone" referenced in the profile "chained" does not exist'],
    "broken": ["The AWS profile broken, after it ran sh: ", "the vault is locked"],
    "chatty": ["The AWS profile chatty, after it ran echo: JSONDecodeError: Expecting value"],
    "hanging": ["The AWS profile hanging: sh did not end within 8 s. Set AWS_PROFILE or"],
    "mfa": ["The AWS profile mfa asks for an MFA code (mfa_serial), and a code cannot be typed"],
}
"""What is said of each profile. How long a sign-in may take is asked without an engine."""


def test_profiles_of_aws_that_do_not_sign_in(
    stack: Stack, tmp_path: Path, secrets: set[str]
) -> None:
    secrets.add("the-secret-of-the-base-profile")
    folder = tmp_path / "aws"
    folder.mkdir()
    (folder / "config").write_text(PROFILES.format(log=tmp_path / "log"))
    change(
        stack,
        AWS_CONFIG_FILE=str(folder / "config"),
        AWS_ACCESS_KEY_ID=None,
        AWS_SECRET_ACCESS_KEY=None,
    )
    stack.program(AWS.program)
    for profile, says in SAYS.items():
        change(stack, AWS_PROFILE=profile)
        assert len(told(stack.preview(ok=False), *says).splitlines()) == 1
    assert (tmp_path / "log").read_text() == "begun\n"


def test_a_provider_ends_after_its_engine_was_killed(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(PROFILES.format(log=tmp_path / "log"))
    change(
        stack,
        AWS_CONFIG_FILE=str(tmp_path / "config"),
        AWS_PROFILE="hanging",
        AWS_ACCESS_KEY_ID=None,
        AWS_SECRET_ACCESS_KEY=None,
    )
    stack.program(AWS.program)
    run = subprocess.Popen(
        ["pulumi", "preview", "--non-interactive"],
        cwd=stack.home,
        env=dict(stack.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    mine = str(stack.environment["PULUMI_HOME"]).encode()
    wait((tmp_path / "log").exists, 120)  # it signs in, and hangs
    assert _processes(mine, b"pulumi.dynamic")
    run.kill()
    run.wait()
    try:
        wait(lambda: not _processes(mine, b"pulumi.dynamic"), 120)
    finally:  # Pulumi's language host looks for its engine every five minutes
        for process in _processes(mine, b""):
            os.kill(process, signal.SIGKILL)


def wait(until: Callable[[], object], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)


def _processes(mark: bytes, command: bytes) -> list[int]:
    """The processes of that command which have `mark` in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            line = (path / "cmdline").read_bytes().replace(b"\0", b" ")
            if command in line and mark in (path / "environ").read_bytes():
                found.append(int(path.name))
    return found
