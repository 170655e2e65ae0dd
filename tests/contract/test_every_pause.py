"""Every wait of the package ends when the run is stopped: of each handler, and of each client."""

import ast
import inspect
import pkgutil
import time
from collections.abc import Iterator
from concurrent.futures import Future
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import palette_backup_provider as package
from palette_backup_provider.core import stopping
from palette_backup_provider.core.errors import Stopped
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.stopping import pause, stop
from tests.unit.clients.authority import Authority
from tests.unit.clients.callers import CALLERS, called
from tests.unit.clients.endless import serving

ROOT = Path(package.__file__).parent
ELSEWHERE = ("cli", "doctor", "sandbox")
"""Commands that run in the foreground, where Ctrl-C reaches them, and what they start."""
WAITS = {
    "core/stopping.py": {"wait"},
    "engine/watch.py": {"wait"},
    "plugin/process.py": {"wait"},
    "clients/rest/http.py": {"wait"},
}
"""What waits by itself, threads that wait for the end of the process, and a method that pauses."""
BUSY = b"HTTP/1.1 503 Busy\r\nRetry-After: 20\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
SOON = 5.0
"""Seconds; a wait that goes on takes longer."""


@pytest.fixture(autouse=True)
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_stopped", Future())
    stop()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def modules() -> Iterator[str]:
    for module in pkgutil.walk_packages([str(ROOT)], f"{package.__name__}."):
        if module.name.split(".")[1] not in ELSEWHERE and not module.name.endswith("__main__"):
            yield module.name


def patiences() -> Iterator[tuple[str, Patience]]:
    """The waits that the modules of the package and their classes declare."""
    for name in modules():
        module = import_module(name)
        classes = [one for one in vars(module).values() if inspect.isclass(one)]
        owners: list[Any] = [module, *(one for one in classes if one.__module__ == name)]
        for owner in owners:
            for attribute, value in vars(owner).items():
                if isinstance(value, Patience):
                    yield f"{owner.__name__}.{attribute}", value


PATIENCES = dict(patiences())


@pytest.mark.parametrize("name", PATIENCES)
def test_a_wait_of_a_handler_ends(name: str) -> None:
    assert PATIENCES[name].sleep is pause
    if PATIENCES[name].budget:
        with pytest.raises(Stopped):
            PATIENCES[name].until(lambda: 1 / 0, lambda _: True, "waiting")


@pytest.mark.parametrize("name", CALLERS)
def test_a_wait_of_a_client_ends(
    name: str, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = CALLERS[name]
    tls = authority.server if caller.tls else None
    begun = time.monotonic()
    with serving(BUSY, b"", 0, tls, caller.put) as port, pytest.raises(Stopped):
        called(name, port, authority.path, monkeypatch)
    assert time.monotonic() - begun < SOON


def test_nothing_else_waits() -> None:
    for path in ROOT.rglob("*.py"):
        file = path.relative_to(ROOT).as_posix()
        if not file.startswith(ELSEWHERE):
            assert set(waits(ast.parse(path.read_text()))) <= WAITS.get(file, set()), file


def waits(source: ast.Module) -> Iterator[str]:
    """What the source calls, or hands on, that waits."""
    for node in ast.walk(source):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("time.sleep", "asyncio.sleep"):
            yield "sleep"
        if isinstance(node, ast.ImportFrom) and node.module in ("time", "asyncio"):
            yield from {one.name for one in node.names} & {"sleep"}
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            yield from {name} & {"wait"}
