"""What a running sandbox opens, and what is left of it afterwards."""

import os
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from signal import Signals
from urllib.parse import urlsplit

import pytest
from cryptography import x509

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.sandbox.cloud import clouds
from palette_backup_provider.sandbox.proxy.tls import VALID_FOR, LoopbackAuthority
from palette_backup_provider.sandbox.run import Sandbox

_LISTENING = "0A"


def listening_addresses(pid: int) -> set[str]:
    """The addresses that a process listens on, as the kernel tells."""
    links = [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
    sockets = {link[8:-1] for link in links if link.startswith("socket:[")}
    found: set[str] = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *_, inode = line.split()[:10]
            if state == _LISTENING and inode in sockets:
                raw = bytes.fromhex(local.split(":")[0])
                words = [raw[i : i + 4][::-1] for i in range(0, len(raw), 4)]
                found.add(str(ip_address(b"".join(words))))
    return found


@contextmanager
def command(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command, in a process of its own, which ends with the test at the latest."""
    code = "from palette_backup_provider.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="the kernel shows no socket table")
@pytest.mark.parametrize("signal", [Signals.SIGINT, Signals.SIGTERM])
def test_command_listens_on_loopback_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, signal: Signals
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    file = tmp_path / "env"
    with command("sandbox", "start", "--env", str(file)) as process:
        assert process.stdout
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Running"):
                break
        assert listening_addresses(process.pid) == {"127.0.0.1"}
        exported = file.read_text()
        (folder,) = (tmp_path / "temporary").iterdir()
        assert folder.stat().st_mode & 0o777 == 0o700
        assert [f.name for f in folder.iterdir()] == ["ca.pem"]
        assert (folder / "ca.pem").stat().st_mode & 0o777 == 0o600
        assert "PRIVATE" not in (folder / "ca.pem").read_text()
        process.send_signal(signal)
        lines += process.stdout.readlines()
        assert process.wait(10) == 0
    printed = "".join(lines)
    token = exported.partition("SANDBOX_TOKEN=")[2].split()[0]
    assert token and token not in printed
    assert re.search(r"^Page +http://127\.0\.0\.1:\d+ ", printed, re.MULTILINE)
    assert f"PALETTE_HOST={printed.split()[1]}" in exported
    assert "Traceback" not in printed
    assert not file.exists()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_unknown_cloud_is_refused() -> None:
    known = ", ".join(clouds())
    with pytest.raises(ProviderError, match=f"No sandbox for moon; the clouds are: {known}"):
        Sandbox([*clouds(), "moon"])


def test_failed_start_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(ProviderError, match="Cannot write"):
        Sandbox([], Path("/dev/null/env")).start()
    assert list(tmp_path.iterdir()) == []


def test_palette_alone_needs_no_cloud() -> None:
    with Sandbox([]) as sandbox:
        assert not {cloud.shown for cloud in clouds().values()} & sandbox.env.keys()
        host = urlsplit(sandbox.url)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((str(host.hostname), int(host.port or 0)))


def test_projects_are_those_asked_for_and_stay_so() -> None:
    with Sandbox([], projects=["one", "two", "three", "one"]) as sandbox:
        assert sandbox.env["PALETTE_PROJECT"] == "one"
        sandbox.store.reset()
        assert list(sandbox.store.projects) == ["one", "two", "three"]


def test_authority_is_short_lived_and_bound_to_loopback() -> None:
    certificate = LoopbackAuthority().certificate
    left = certificate.not_valid_after_utc - datetime.now(UTC)
    assert left <= VALID_FOR == timedelta(hours=24)
    constraint = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraint.critical
    permitted = {name.value for name in constraint.value.permitted_subtrees or []}
    assert permitted == {"localhost", ip_network("127.0.0.0/8"), ip_network("::1/128")}


def test_certificate_is_trusted_only_by_who_trusts_the_authority(running: Sandbox) -> None:
    host = urlsplit(running.url)
    address = (str(host.hostname), int(host.port or 0))
    trusting = ssl.create_default_context(cafile=running.env["PALETTE_CA_CERT"])
    for name in ("127.0.0.1", "localhost"):
        with (
            socket.create_connection(address) as plain,
            trusting.wrap_socket(plain, server_hostname=name) as connection,
        ):
            assert connection.version() == "TLSv1.3"
    with (
        socket.create_connection(address) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
        ssl.create_default_context().wrap_socket(plain, server_hostname="localhost"),
    ):
        pass


def test_missing_extra_is_named(tmp_path: Path) -> None:
    for module in ("flask", "moto"):
        code = (
            f"import sys; sys.modules['{module}'] = None; "
            "from palette_backup_provider.cli import main; main(['sandbox', 'start'])"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert done.returncode == 1
        assert "pip install 'palette-backup-provider[sandbox]'" in done.stderr
        assert len(done.stderr.splitlines()) == 1
