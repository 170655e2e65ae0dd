"""A MinIO server as a child process, which ends with us, and its data with it."""

import http.client
import os
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.sandbox import env
from palette_backup_provider.sandbox.proxy.server import HOST
from palette_backup_provider.sandbox.tools.until_closed import UNTIL_CLOSED

_PATIENCE = 60.0
_READY = "/minio/health/ready"


class MinioDown(ProviderError):
    """The MinIO server did not start."""


class MinioProcess:
    """A server with an empty store, ready to answer."""

    def __init__(self, program: Path, user: str, password: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="palette-backup-minio-"))  # mode 0700
        self.port = _free_port()
        """Where it listens, on loopback."""
        self.data = self._folder / "data"
        """Where it keeps buckets and, in `.minio.sys`, identities."""
        for folder in (self.data, self._folder / "certs"):
            folder.mkdir()
        own = {
            "HOME": str(self._folder),
            "MINIO_ROOT_USER": user,
            "MINIO_ROOT_PASSWORD": password,
            "MINIO_BROWSER": "off",
            "MINIO_UPDATE": "off",
        }
        command = [
            *("sh", "-c", UNTIL_CLOSED, "sh", str(self._folder)),
            *(str(program), "server", "--quiet", "--anonymous"),
            *("--address", f"{HOST}:{self.port}"),
            *("--certs-dir", str(self._folder / "certs"), str(self.data)),
        ]
        self._process = subprocess.Popen(
            command,
            env=env.cleared(os.environ) | own,
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us: we say when it ends
        )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server; its data goes with it."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def _wait(self) -> None:
        log, ends = self._folder / "log", time.monotonic() + _PATIENCE
        output = ""
        while self._process.poll() is None and time.monotonic() < ends:
            if self._ready():
                return
            with suppress(FileNotFoundError):  # it ended meanwhile, and its data with it
                output = log.read_text("utf-8", "replace")
            time.sleep(0.05)
        last = "\n".join(output.strip().splitlines()[-5:])
        raise MinioDown(f"The MinIO server did not start. It said:\n{last}")

    def _ready(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=2)
        try:
            connection.request("GET", _READY)
            answer = connection.getresponse()
            return answer.status == 200 and not answer.getheader("X-Minio-Server-Status")
        except OSError:
            return False
        finally:
            connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
