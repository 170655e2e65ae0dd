"""`pulumi new https://…/templates/X`, from a repository on this machine, as from GitHub."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.sandbox.test_templates import NAMES, TEMPLATES
from tests.unit.clients.authority import Authority

AUTHOR = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.com"]


def git(folder: Path, *arguments: str) -> None:
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-C", str(folder), *AUTHOR, *arguments]
    subprocess.run(command, env={**os.environ, **quiet}, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture
def repositories(tmp_path: Path) -> Path:
    """A folder with the repository acme/backups, which has the templates on its main branch."""
    work = tmp_path / "work"
    shutil.copytree(TEMPLATES, work / "templates")
    git(work, "init", "--quiet", "--initial-branch", "main")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", "Templates")
    git(tmp_path, "clone", "--quiet", "--bare", str(work), "served/acme/backups.git")
    return tmp_path / "served"


class Server(ThreadingHTTPServer):
    """Serves repositories by Git's own program, as its documentation has it."""

    def __init__(self, repositories: Path, authority: Authority) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.repositories = repositories
        self.socket = authority.server.wrap_socket(self.socket, server_side=True)


class Handler(BaseHTTPRequestHandler):
    server: Server

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

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def forge(repositories: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a forge, and the CA that signs its certificate."""
    authority = Authority(tmp_path)
    with Server(repositories, authority) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://127.0.0.1:{server.server_port}/acme/backups", authority.path
        server.shutdown()


@pytest.mark.parametrize("template", NAMES)
@pytest.mark.sampled
def test_a_template_is_taken_from_a_repository(
    template: str, forge: tuple[str, Path], engine: Path, tmp_path: Path
) -> None:
    url, ca = forge
    mine = tmp_path / "mine"
    mine.mkdir()
    (tmp_path / "home").mkdir()
    told = subprocess.run(
        ["pulumi", "new", f"{url}/templates/{template}", "--yes", "--generate-only"],
        cwd=mine,
        env={
            "PATH": os.pathsep.join((str(engine), os.environ["PATH"])),
            "HOME": str(tmp_path / "home"),
            "PULUMI_HOME": str(tmp_path / "home"),
            "PULUMI_BACKEND_URL": f"file://{tmp_path}",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "SSL_CERT_FILE": str(ca),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    copied = {path.name for path in (TEMPLATES / template).iterdir()}
    assert {path.name for path in mine.iterdir()} == copied
    for file in copied - {"Pulumi.yaml"}:
        assert (mine / file).read_text() == (TEMPLATES / template / file).read_text()
