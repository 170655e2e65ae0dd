"""Failures of signing in on the real engine: one line, no traceback, nobody asked, a soon end."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.sandbox.components import COMPONENTS
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
LIFE = {life.cloud: life for life in reversed(COMPONENTS)}
"""A component of each cloud."""


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
    stack.program(LIFE["aws"].program)
    for profile, says in SAYS.items():
        change(stack, AWS_PROFILE=profile)
        assert len(told(stack.preview(ok=False), *says).splitlines()) == 1
    assert (tmp_path / "log").read_text() == "begun\n"


# What hides a package


HIDDEN = {"aws": "boto3", "gcp": "google", "azure": "azure", "minio": "minio"}


@pytest.mark.parametrize("cloud", HIDDEN)
@pytest.mark.sampled
def test_a_file_beside_the_program_that_hides_a_package(
    stack: Stack, cloud: str, tmp_path: Path
) -> None:
    stack.program(LIFE[cloud].program)
    file, ran = stack.home / f"{HIDDEN[cloud]}.py", tmp_path / "ran"
    file.write_text(f"open({str(ran)!r}, 'a').write('again')\n")
    refused = stack.preview(ok=False)
    text = told(refused, f"{file} hides the package {HIDDEN[cloud]}, which is needed here. Rename")
    assert {line.partition(f"{file} hides")[2] for line in text.splitlines()} == {
        f" the package {HIDDEN[cloud]}, which is needed here. Rename it: Python looks in a "
        "program's own folder first."
    }
    assert not ran.exists()


# Proxies and CAs


ELSEWHERE: dict[str, dict[str, str | None]] = {
    "palette": {"PALETTE_HOST": "https://cloud.example.com", "PALETTE_CA_CERT": None},
    "aws": {"AWS_ENDPOINT_URL": "https://cloud.example.com"},
    "gcp": {"GOOGLE_STORAGE_CUSTOM_ENDPOINT": "https://cloud.example.com"},
    "azure": {"ARM_METADATA_HOSTNAME": "cloud.example.com", "PALETTE_AZURE_CA_CERT": None},
    "minio": {"MINIO_ENDPOINT": "https://cloud.example.com", "MINIO_CACERT_FILE": None},
}
"""How each service is looked for at another host, by the public CAs."""


@pytest.fixture(params=ELSEWHERE)
def far_away(request: pytest.FixtureRequest, stack: Stack) -> Stack:
    """A stack whose service is at another host."""
    service = request.param
    stack.program(LIFE["aws" if service == "palette" else service].program)
    change(stack, **ELSEWHERE[service])
    return stack


@pytest.mark.sampled
def test_a_dead_proxy_and_an_absent_ca(far_away: Stack) -> None:
    change(far_away, HTTPS_PROXY="http://127.0.0.1:9", https_proxy=None)
    refused = far_away.preview(ok=False)
    text = told(
        refused,
        ": cloud.example.com is asked through the proxy 127.0.0.1:9 ($HTTPS_PROXY), which cannot "
        "be used: Connection refused. Correct or unset $HTTPS_PROXY, or name cloud.example.com",
    )
    assert len(set(text.splitlines())) <= 2  # of resources that are previewed side by side
    change(far_away, REQUESTS_CA_BUNDLE="/no/such/ca.pem", AWS_CA_BUNDLE=None)
    refused = far_away.preview(ok=False)
    told(refused, "$REQUESTS_CA_BUNDLE: /no/such/ca.pem cannot be read: No such file or directory.")


# What outlives an engine


def test_a_provider_ends_after_its_engine_was_killed(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(PROFILES.format(log=tmp_path / "log"))
    change(
        stack,
        AWS_CONFIG_FILE=str(tmp_path / "config"),
        AWS_PROFILE="hanging",
        AWS_ACCESS_KEY_ID=None,
        AWS_SECRET_ACCESS_KEY=None,
    )
    stack.program(LIFE["aws"].program)
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
