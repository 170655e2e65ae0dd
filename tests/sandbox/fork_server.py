"""Pythons that begin with everything imported, as most of a short `pulumi` command is imports.

A command of the engine starts Python three times: for `pip list`, for the program and for the
provider. The first is answered once. The others are forks of one process that has imported what
they import; each runs the same script with the same arguments, environment, folder and files as a
fresh one would.
"""

import array
import gc
import marshal
import os
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import palette_backup_provider
from palette_backup_provider.core.model import Model
from tests.sandbox.folders import in_each_folder
from tests.sandbox.forked import Asked, end, run

IMPORTED = (
    "asyncio",
    "grpc._channel",
    "grpc._server",
    "grpc._utilities",
    "grpc.experimental",
    "pulumi.dynamic",
    "pulumi.runtime.proto.provider_pb2_grpc",
)
"""Besides all of the package, what each cloud names, and what this imports when it is imported."""
HERE = str(Path(__file__).parents[2])
PIP_LIST = ["-m", "pip", "list", "-v", "--format", "json"]
"""What the engine asks before each command; the answer is that of the server's own environment."""
START = f"""\
#!{sys.executable} -IS
# Asks the server beside this file to run what Python was asked to run. Where that would not be the
# same, it starts Python.
import _signal, _socket, marshal, os, sys

PYTHON = {sys.executable!r}

def beside():
    'Whether files beside the program may hide packages.'
    return any(name.endswith(".py") and name != "__main__.py" for name in os.listdir())

arguments = sys.argv[1:]
if arguments == ["--version"]:
    print("Python", sys.version.split()[0])
    sys.exit()
if os.environ.get("PYTHONPATH") != {HERE!r} or beside():
    os.execv(PYTHON, [PYTHON, *arguments])

here = os.path.dirname(os.path.abspath(sys.argv[0]))
if arguments == {PIP_LIST!r}:
    sys.stdout.write(open(os.path.join(here, "pip-list")).read())
    sys.exit()
server = _socket.socket(_socket.AF_UNIX)
server.connect(os.path.join(here, "socket"))
asked = marshal.dumps([arguments, os.getcwd(), dict(os.environ)])
files = b"".join(n.to_bytes(4, sys.byteorder) for n in (0, 1, 2))
server.sendmsg([len(asked).to_bytes(4, "big")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, files)])
server.sendall(asked)
child = int.from_bytes(server.recv(4), "big")
passed_on = _signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP
for number in passed_on:
    _signal.signal(number, lambda number, frame: os.kill(child, number))
code = int.from_bytes(server.recv(4), "big", signed=True)
if code < 0:
    for number in passed_on:
        _signal.signal(number, _signal.SIG_DFL)
    os.kill(os.getpid(), -code)
sys.exit(code)
"""


@contextmanager
def serving(folder: Path) -> Iterator[Path]:
    """A folder for PATH with a `python` and a `python3` that are forks."""
    for name in ("python", "python3"):
        (folder / name).write_text(START)
        (folder / name).chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": HERE}
    listed = subprocess.run(
        [sys.executable, *PIP_LIST], env=environment, stdout=subprocess.PIPE, check=True
    )
    (folder / "pip-list").write_bytes(listed.stdout)
    command = [sys.executable, "-P", "-m", __name__, str(folder / "socket")]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdin and server.stdout
        assert server.stdout.readline() == b"ready\n"
        yield folder
        server.stdin.close()  # ends it


class Server:
    """Forks for whoever connects, and tells how the fork ended."""

    def __init__(self, path: str) -> None:
        self._ready = selectors.DefaultSelector()
        self._children: dict[int, socket.socket] = {}
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(path)
        self._door.listen(64)
        self._ended, told = os.pipe()
        os.set_blocking(told, False)
        signal.set_wakeup_fd(told, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked passes it on
        for file, act in ((self._door, self._fork), (self._ended, self._tell), (0, None)):
            self._ready.register(file, selectors.EVENT_READ, act)

    def serve(self) -> Asked | None:
        """What this process is to run, in a fork; None at the end of the server."""
        while True:
            for key, _ in self._ready.select():
                if key.data is None:
                    return None
                asked: Asked | None = key.data(key.fileobj)
                if asked:
                    return asked

    def _fork(self, door: socket.socket) -> Asked | None:
        caller, _ = door.accept()
        asked = _received(caller)
        if not asked:
            caller.close()
            return None
        child = os.fork()
        if not child:
            self._leave()
            return asked
        for file in asked.files:
            os.close(file)
        self._children[child] = caller
        self._ready.register(caller, selectors.EVENT_READ, self._kill)
        with suppress(OSError):
            caller.sendall(child.to_bytes(4, "big"))
        return None

    def _leave(self) -> None:
        """Forget, in a fork, that there is a server."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._ready.close()
        self._door.close()
        os.close(self._ended)
        for caller in self._children.values():
            caller.close()

    def _tell(self, ended: int) -> None:
        os.read(ended, 4096)
        with suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                child, status = found
                caller = self._children.pop(child)
                self._ready.unregister(caller)
                with suppress(OSError):
                    code = os.waitstatus_to_exitcode(status)
                    caller.sendall(code.to_bytes(4, "big", signed=True))
                caller.close()

    def _kill(self, caller: socket.socket) -> None:
        """Whoever asked was killed: so is the fork."""
        for child, asker in self._children.items():
            if asker is caller:
                os.kill(child, signal.SIGKILL)


def _received(caller: socket.socket) -> Asked | None:
    """What is asked; None of a caller that was killed meanwhile."""
    size, rights, *_ = caller.recvmsg(4, socket.CMSG_LEN(3 * 4))
    with caller.makefile("rb") as stream:
        text = stream.read(int.from_bytes(size, "big"))
    files = [file for _, _, sent in rights for file in array.array("i", sent)]
    try:
        arguments, folder, environment = marshal.loads(text)
    except (EOFError, ValueError, TypeError):
        for file in files:
            os.close(file)
        return None
    return Asked(arguments, folder, environment, files)


def _ours() -> Iterator[str]:
    for found in walk_packages(palette_backup_provider.__path__, "palette_backup_provider."):
        if "__main__" not in found.name and ".sandbox" not in found.name:
            yield found.name


def _build(model: type[Model]) -> None:
    """Have pydantic do now what it does when a model is first used."""
    model.model_rebuild()
    for each in model.__subclasses__():
        _build(each)


def main() -> None:
    clouds = in_each_folder("fast_programs").values()
    for name in (*IMPORTED, *(name for each in clouds for name in each.IMPORTED), *_ours()):
        import_module(name)
    _build(Model)
    for each in clouds:
        each.hurry()
    server = Server(sys.argv[1])
    gc.collect()
    gc.freeze()
    print("ready", flush=True)
    if asked := server.serve():
        try:
            run(asked)
        except SystemExit as wanted:
            if not isinstance(wanted.code, int | None):
                raise
            end(wanted.code or 0)
        end(0)


if __name__ == "__main__":
    main()
