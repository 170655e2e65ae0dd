"""A provider ends once its engine is gone, and not before."""

import socket
import sys
import threading
from collections.abc import Iterator

import pytest

from palette_backup_provider.engine import watch

SOON = 0.02


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A server that stands in for the engine, whose address this process was given."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = "{}:{}".format(*server.getsockname())
        monkeypatch.setattr(sys, "argv", ["dynamic", "--logtostderr", address])
        yield server


def test_a_provider_ends_once_nobody_listens(engine: socket.socket) -> None:
    ended, codes = threading.Event(), list[int]()

    def end(code: int) -> None:
        codes.append(code)
        ended.set()

    watch.watch_engine(end, SOON)
    assert not ended.wait(20 * SOON)
    engine.close()
    assert ended.wait(5) and codes == [1]


def test_one_look_in_vain_ends_nothing(
    engine: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, looks = threading.Event(), [True, False, True, True, False]
    monkeypatch.setattr(watch, "_refused", lambda _: looks.pop(0))
    watch.watch_engine(lambda _: ended.set(), SOON)
    assert ended.wait(5) and looks == [False]


def test_an_engine_that_is_slow_to_answer_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", slow)
    assert not watch._refused(("127.0.0.1", 1))


@pytest.mark.parametrize("arguments", [[], ["somewhere.example.com:80"], ["127.0.0.1"]])
def test_who_has_no_engine_is_left_alone(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["dynamic", *arguments])
    before = threading.active_count()
    watch.watch_engine(lambda _: pytest.fail("ended"), SOON)
    assert threading.active_count() == before
