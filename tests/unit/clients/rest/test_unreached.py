"""What every client says where nothing answers: which server, why, and what to look at."""

import re
import socket
from pathlib import Path

import pytest

from palette_backup_provider.core.errors import ApiError
from tests.unit.clients.callers import CALLERS, called

NAMED = [n for n, one in CALLERS.items() if not (one.among_others or one.told_as_it_is)]
OF_A_LIBRARY = re.compile(r"Connection(Pool)?\(|Errno|Max retries|Failed to|Caused by|endpoint URL")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


def unused() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.mark.parametrize(
    ("host", "why"),
    [("127.0.0.1", "Connection refused"), ("nowhere.invalid", "not known|resolution|associated")],
)
@pytest.mark.parametrize("name", NAMED)
def test_the_server_and_the_cause_are_told(
    name: str, host: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = unused()
    with pytest.raises(ApiError) as caught:
        called(name, port, tmp_path, monkeypatch, host=host, tls=host != "127.0.0.1")
    told = str(caught.value)
    assert re.search(rf" at {host}:{port} gave no answer to \S.*: .*({why})", told), told
    assert "Check " in told and "\n" not in told
    assert not OF_A_LIBRARY.search(told), told
