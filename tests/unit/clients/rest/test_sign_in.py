"""Signing in never surprises: one line whatever a library raises, no question, and a soon end."""

import configparser
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from palette_backup_provider.clients.rest import sign_in as signin
from palette_backup_provider.clients.rest.sign_in import SignIn
from palette_backup_provider.clients.rest.trust import advice, own_ca
from palette_backup_provider.core.errors import (
    ApiError,
    BadSetting,
    without_pointers,
)
from tests.unit.clients.authority import Authority
from tests.unit.clients.caller import SECRET
from tests.unit.clients.callers import CALLERS, FIRST, called
from tests.unit.clients.endless import DRIPS, PAUSE, serving
from tests.unit.clients.loopback import serve
from tests.unit.clients.programs import PROGRAMS
from tests.unit.clients.signing_in import SOON, one_line, program, with_metadata

pytestmark = pytest.mark.usefixtures("nothing_to_sign_in_with")


class Odd(Exception):
    """An error of a class that nobody has heard of."""


ERRORS: list[BaseException] = [
    Odd("it\nwent\r\nwrong"),
    Odd(),
    ValueError("no\nvalue"),
    KeyError("AccessKeyId"),
    AttributeError("'list' object has no attribute 'get'"),
    TypeError("string indices must be integers"),
    AssertionError(),
    RecursionError("too deep"),
    MemoryError(),
    StopIteration(),
    EOFError("EOF when reading a line"),
    FileNotFoundError(2, "No such file or directory", "/no/such/file"),
    PermissionError(13, "Permission denied"),
    IsADirectoryError(21, "Is a directory", "/"),
    OSError(),
    TimeoutError("timed out"),
    ssl.SSLError("broken"),
    json.JSONDecodeError("Expecting value", "", 0),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    configparser.MissingSectionHeaderError("/config", 1, "secret = x"),
    subprocess.CalledProcessError(3, ["helper", "--flag"], b"out", b"err\nmore"),
    subprocess.TimeoutExpired(["helper"], 30),
    ImportError("cannot import name 'x'"),
]


LIBRARIES = {caller.through: name for name, caller in reversed(CALLERS.items())}
"""One caller for each way into a library."""


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("name", LIBRARIES.values())
def test_whatever_a_library_raises_is_one_line(
    name: str,
    error: BaseException,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    with_metadata(monkeypatch)
    folder = tmp_path_factory.getbasetemp()
    monkeypatch.setattr(CALLERS[name].through, fail)
    text = one_line(lambda: called(name, 9, folder, monkeypatch))
    assert "Traceback" not in text and SECRET not in text


@pytest.fixture
def input_without_end() -> Iterator[None]:
    """Standard input from which nothing ever comes, as the engine gives it to a provider."""
    usual, (reading, writing) = os.dup(0), os.pipe()
    os.dup2(reading, 0)
    yield
    os.dup2(usual, 0)
    for end in (usual, reading, writing):
        os.close(end)


SCRIPTS = {
    "fails": "echo 'the vault is locked' >&2; exit 3",
    "prints no JSON": "echo 'Welcome!'",
    "prints nothing": "exit 0",
    "prints another shape": "echo '[1, 2]'",
    "prints half": """echo '{"Version": 1, "AccessKeyId": "A"}'""",
    "prints bytes": "printf '\\377\\376'",
    "is killed": "kill -9 $$",
    "reads its input": "read answer && sleep 60; echo 'no answer' >&2; exit 4",
    "asks at the terminal": "read answer < /dev/tty && sleep 60; echo 'no tty' >&2; exit 4",
}


@pytest.mark.usefixtures("input_without_end")
@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("cloud", PROGRAMS)
def test_a_program_that_does_not_sign_in_is_one_line(
    cloud: str, script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = PROGRAMS[cloud]
    ids = program(tmp_path, helper.name, SCRIPTS[script])
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    for name, value in helper.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    text = one_line(helper.call)
    assert "did not end within" not in text
    assert helper.name in text or not helper.named
    process, session = ids.read_text().split()
    assert process == session, "it has the terminal of whoever runs Pulumi"
    if script == "fails":
        assert "the vault is locked" in text


@pytest.mark.parametrize("script", ["sleep 60", "sleep 60 & wait", "trap '' TERM; sleep 60 & wait"])
@pytest.mark.parametrize("cloud", PROGRAMS)
def test_a_program_that_does_not_end_is_named_and_ended(
    cloud: str, script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = PROGRAMS[cloud]
    pid = program(tmp_path, helper.name, script)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    for name, value in helper.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(signin, "SECONDS", SOON)
    begun = time.monotonic()
    text = one_line(helper.call)
    assert time.monotonic() - begun < 30, "it was waited for"
    assert f"{helper.name} did not end within {SOON:g} s. " in text
    group, end = int(pid.read_text().split()[0]), time.monotonic() + 30
    while _alive(group):
        assert time.monotonic() < end, "what it began goes on"


def _alive(group: int) -> bool:
    """Whether a group of processes has one that runs; those that ended may wait for a parent."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(of) == group and state != "Z":
            return True
    return False


@pytest.mark.parametrize("name", [name for name, one in CALLERS.items() if one.signs_in])
def test_a_service_that_is_silent_ends_the_sign_in(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signin, "SECONDS", SOON)
    monkeypatch.setattr(signin, "GRACE", 60)  # on a busy machine too it says so by itself
    with_metadata(monkeypatch)
    authority = Authority(tmp_path)
    tls = authority.server if CALLERS[name].tls else None
    with serving(*DRIPS["silence"], PAUSE, tls, b"") as port:
        text = one_line(lambda: called(name, port, authority.path, monkeypatch))
    assert f"127.0.0.1 gave no whole answer within {SOON:g} s. " in text


def test_who_waits_for_a_sign_in_shares_its_failure() -> None:
    asked, going_on = [], threading.Event()

    def attempt() -> None:
        asked.append(threading.get_ident())
        going_on.wait(5)
        raise Odd("no")

    sign_in, failed = SignIn("A sign-in", "Do it."), []

    def call() -> None:
        try:
            sign_in(attempt)
        except ApiError as error:
            failed.append(str(error))

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    going_on.set()
    for thread in threads:
        thread.join()
    assert (len(asked), failed) == (1, ["A sign-in: Odd: no. Do it."] * 4)
    call()
    assert len(asked) == 2, "who comes later tries again"


def test_a_library_that_wants_to_leave_does_not_end_the_provider() -> None:
    assert one_line(lambda: SignIn("A sign-in", "")(lambda: sys.exit(2))) == (
        "A sign-in: SystemExit: 2."
    )


def test_processes_outside_of_a_sign_in_are_left_alone() -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        assert os.getpgid(process.pid) == os.getpgid(0)
        process.send_signal(signal.SIGKILL)


def closed_port() -> int:
    with serve() as server:
        return int(server.url.rpartition(":")[2])


@pytest.mark.parametrize("name", [name for name, one in CALLERS.items() if one.tls or one.bundles])
def test_a_dead_proxy_is_named_alike_and_at_once(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    port = closed_port()
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:{SECRET}@127.0.0.1:{port}")
    ca = Authority(tmp_path).path
    text = one_line(lambda: called(name, 443, ca, monkeypatch, host="cloud.example.com", tls=True))
    assert without_pointers(text).endswith(
        f": cloud.example.com is asked through the proxy 127.0.0.1:{port} ($HTTPS_PROXY), which "
        "cannot be used: Connection refused. Correct or unset $HTTPS_PROXY, or name "
        "cloud.example.com in $NO_PROXY."
    )
    assert slept == [] and SECRET not in text


@pytest.mark.parametrize("status", [403, 407, 502])
@pytest.mark.parametrize("name", FIRST)
def test_a_proxy_that_refuses_is_named_alike(
    name: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode()
    with serving(answer, b"") as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        text = one_line(
            lambda: called(name, 443, tmp_path, monkeypatch, host="cloud.example.com", tls=True)
        )
    assert f"127.0.0.1:{port} ($HTTPS_PROXY), which cannot be used: Tunnel connection " in text
    assert f"{status} No. Correct or unset $HTTPS_PROXY" in text


BUNDLES = [(name, variable) for name, caller in CALLERS.items() for variable in caller.bundles]


@pytest.mark.parametrize(("name", "variable"), BUNDLES)
def test_a_ca_bundle_that_is_not_there_names_its_variable(
    name: str, variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def call() -> object:
        return called(name, 9, tmp_path, monkeypatch, tls=True)

    monkeypatch.setenv(variable, "/no/such/ca.pem")
    with pytest.raises(BadSetting):
        call()
    assert one_line(call) == (
        f"${variable}: /no/such/ca.pem cannot be read: No such file or directory. Correct it, or "
        "unset it for the public CAs."
    )
    monkeypatch.setenv(variable, os.devnull)
    told = f"${variable} holds no certificate in PEM format. Give one, or its path."
    assert one_line(call) == told


@pytest.mark.parametrize(("name", "variable"), BUNDLES)
def test_a_ca_that_is_given_and_wrong_does_not_read_like_none(
    name: str, variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    monkeypatch.setenv(variable, str(Authority(tmp_path / "other").path))
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    with serve(Authority(tmp_path).server) as server:
        port = int(server.url.rpartition(":")[2])
        text = one_line(lambda: called(name, port, tmp_path, monkeypatch, tls=True))
    assert f"No CA in ${variable} signed it. Give the one that did, there." in text
    assert sum(slept) < 5, slept


def expired() -> str:
    """A CA whose time is over, as PEM."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    then = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(then)
        .not_valid_after(then + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def distrusted(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return error


def test_what_is_wrong_with_a_certificate_decides_what_to_do(tmp_path: Path) -> None:
    old, good = own_ca("ca_cert", expired()), own_ca("ca_cert", str(Authority(tmp_path).path))
    both = own_ca("ca_cert", expired() + (tmp_path / "ca.pem").read_text())
    gone = "The CA in ca_cert expired on Jan  2 00:00:00 2020 GMT. Give the CA that follows it."
    assert advice(distrusted(10), old, "Give it.") == gone
    for given in (good, both, None):
        assert advice(distrusted(10), given, "Give it.").startswith("Have it renewed there")
    assert advice(distrusted(19), old, "Give it.").startswith("No CA in ca_cert signed it")
    assert advice(distrusted(19), None, "Give it.") == "Give it."
    assert "by a name that its certificate is made out to" in advice(distrusted(62), good, "")
