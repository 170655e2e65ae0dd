"""What all stores have in common: a server on loopback that dies with us, and its contents."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trustme

from palette_backup_provider.sandbox import env
from palette_backup_provider.sandbox.tools.until_closed import UNTIL_CLOSED
from tests.s3 import client

HOST = "127.0.0.1"
REGION = "tests-1"
KEY = "a-key-of-theirs", "a-secret-of-a-store-of-theirs"
_PATIENCE = 60.0


@dataclass(frozen=True)
class Certificate:
    """Of 127.0.0.1, and the CA that signs it."""

    ca: str
    """PEM."""
    chain: bytes
    key: bytes

    @classmethod
    def issued(cls) -> "Certificate":
        ca = trustme.CA()
        made = ca.issue_cert(HOST)
        chain = b"".join(pem.bytes() for pem in made.cert_chain_pems)
        return cls(ca.cert_pem.bytes().decode(), chain, made.private_key_pem.bytes())


@dataclass(frozen=True)
class Launch:
    """How a server is started."""

    command: Sequence[str]
    environment: Mapping[str, str]


Prepare = Callable[[Path, int, Certificate | None], Launch]
"""Given an empty folder for the server, its port, and its certificate if it speaks TLS."""


@dataclass(frozen=True)
class Kind:
    """One kind of store, and what it checks; docs/s3-compatible.md says the same."""

    name: str
    prepare: Prepare
    checks_region: bool
    knows_checksums: bool
    """Whether it takes those that boto3 sends since January 2025."""
    has_admin_api: bool = False
    """Whether users, policies and access keys can be made by it, beside what S3 has."""


@dataclass(frozen=True)
class Store:
    """A running store."""

    kind: Kind
    url: str
    ca: str | None
    """PEM of the CA that vouches for it, None over plain http."""
    folder: Path

    def s3(self, key: tuple[str, str] = KEY) -> Any:
        """A client that sends what every store knows."""
        ca = self.folder / "ca.pem"
        if self.ca:
            ca.write_text(self.ca)
        return client(
            self.url,
            key,
            REGION,
            str(ca) if self.ca else None,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )

    def holds(self, bucket: str) -> list[str]:
        """The keys of all objects in the bucket, without what stands for a folder."""
        found = self.s3().list_objects_v2(Bucket=bucket).get("Contents", [])
        return [one["Key"] for one in found if not one["Key"].endswith("/")]


@contextmanager
def running(kind: Kind, *, tls: bool = False) -> Iterator[Store]:
    """An empty store of that kind."""
    certificate = Certificate.issued() if tls else None
    folder = Path(tempfile.mkdtemp(prefix=f"palette-backup-{kind.name}-"))  # mode 0700
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    launch = kind.prepare(folder, port, certificate)
    process = subprocess.Popen(
        ["sh", "-c", UNTIL_CLOSED, "sh", str(folder), *launch.command],
        env={**env.cleared(os.environ), **launch.environment},
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdin
    try:
        _wait(process, folder, port)
        url = f"{'https' if tls else 'http'}://{HOST}:{port}"
        yield Store(kind, url, certificate.ca if certificate else None, folder)
    finally:
        process.stdin.close()
        process.wait()


def _wait(process: "subprocess.Popen[bytes]", folder: Path, port: int) -> None:
    ends = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < ends:
        try:
            socket.create_connection((HOST, port), timeout=2).close()
            return
        except OSError:
            time.sleep(0.05)
    log = folder / "log"
    raise AssertionError(f"the store did not start: {log.read_text() if log.exists() else ''}")
