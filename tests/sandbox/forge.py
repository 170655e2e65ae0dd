"""A forge on this machine: our repository, as from GitHub.

It is asked by its name, and found through a proxy: Pulumi makes folders of the name, and a port in
it would be taken for a path.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.unit.clients.authority import Authority

ROOT = Path(__file__).parents[2]
HOST = "forge.example.com"
FOLDERS = ("plugin", "templates")
"""What people take from our repository by its address."""
AUTHOR = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.com"]


def git(folder: Path, *arguments: str) -> None:
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-C", str(folder), *AUTHOR, *arguments]
    subprocess.run(command, env={**os.environ, **quiet}, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture
def repositories(tmp_path: Path) -> Path:
    """A folder with the repository acme/backups, which has `FOLDERS` on its main branch."""
    work = tmp_path / "work"
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, work / folder)
    git(work, "init", "--quiet", "--initial-branch", "main")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", "All of it")
    git(tmp_path, "clone", "--quiet", "--bare", str(work), "served/acme/backups.git")
    return tmp_path / "served"


class Server(ThreadingHTTPServer):
    """A proxy behind which is the forge alone."""

    def __init__(self, repositories: Path, authority: Authority) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.repositories, self.tls = repositories, authority.server


class Handler(BaseHTTPRequestHandler):
    """Serves repositories by Git's own program, as its documentation has it."""

    server: Server

    def do_CONNECT(self) -> None:
        assert self.path == f"{HOST}:443"
        self.send_response_only(200)
        self.end_headers()
        self.request = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.setup()
        self.close_connection = False  # what is asked of the forge comes next

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        done = subprocess.run(
            ["git", "http-backend"],
            input=body,
            capture_output=True,
            env={
                "PATH": os.environ["PATH"],
                "GIT_PROJECT_ROOT": str(self.server.repositories),
                "GIT_HTTP_EXPORT_ALL": "1",
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": "safe.directory",
                "GIT_CONFIG_VALUE_0": "*",
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "REQUEST_METHOD": self.command,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
            },
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
        self.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def finish(self) -> None:
        super().finish()
        self.request.close()  # the server knows the connection that it began as

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def forge(repositories: Path, tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of our repository, and the environment in which it is found."""
    authority = Authority(tmp_path, host=HOST)
    with Server(repositories, authority) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        proxy = f"http://127.0.0.1:{server.server_port}"
        found = {"HTTPS_PROXY": proxy, "SSL_CERT_FILE": str(authority.path)}
        yield f"https://{HOST}/acme/backups", found
        server.shutdown()
