"""Every answer ends, in time and in size, on every client, whatever a server sends."""

import gzip
import json
import time
import tracemalloc
import zlib
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest
import urllib3

from palette_backup_provider.clients.rest import deadline
from palette_backup_provider.clients.rest.connection import measure
from palette_backup_provider.clients.rest.deadline import Unfinished, answering
from palette_backup_provider.core.errors import ApiError
from tests.unit.clients.authority import Authority
from tests.unit.clients.caller import SECRET
from tests.unit.clients.callers import CALLERS, FIRST, called
from tests.unit.clients.endless import DRIPS, FLOODS, OK, PAUSE, serving
from tests.unit.clients.loopback import FakeTime

SOON = 0.2
"""Seconds that a call may take here; between two bytes of a drip pass ten times less."""


EVERYWHERE = {"headers", "body", "chunks", "silence", "gzip"}
"""What every caller meets in `make test`; one caller of each library meets all."""
UNPACKING = [name for name, caller in CALLERS.items() if caller.unpacks]
FULLY = [name for name, caller in CALLERS.items() if caller.fully]


def cases(kinds: Iterable[str]) -> list[Any]:
    """Caller and kind of answer; `stress` for those that differ from others in name alone."""
    long = pytest.mark.stress
    return [
        pytest.param(name, kind, marks=() if name in FULLY or kind in EVERYWHERE else long)
        for name in CALLERS
        for kind in kinds
    ]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.mark.parametrize(("name", "kind"), cases(DRIPS))
def test_an_answer_that_drips_ends_with_the_call(
    name: str, kind: str, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(deadline, "SECONDS", SOON)
    monkeypatch.setattr(time, "sleep", slept.append)
    caller, begun = CALLERS[name], time.monotonic()
    tls = authority.server if caller.tls else None
    with serving(*DRIPS[kind], PAUSE, tls, caller.put) as port:
        with pytest.raises(ApiError) as told:
            called(name, port, authority.path, monkeypatch)
        assert time.monotonic() - begun < 5
    assert slept == [], "a library was about to try again"
    assert f": 127.0.0.1 gave no whole answer within {SOON} s. " in str(told.value)
    assert (told.value.status, told.value.unclear) == (0, True)
    assert SECRET not in str(told.value) and "\n" not in str(told.value)


@pytest.mark.parametrize(("name", "kind"), cases(FLOODS))
def test_an_answer_beyond_the_limit_is_broken_off(
    name: str, kind: str, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = CALLERS[name]
    tls = authority.server if caller.tls else None
    with serving(*FLOODS[kind], 0, tls, caller.put) as port, pytest.raises(ApiError) as told:
        called(name, port, authority.path, monkeypatch)
    assert ": 127.0.0.1 gave an answer of more than 32 MB. " in str(told.value)
    assert told.value.unclear


@pytest.mark.parametrize("name", FIRST)
def test_a_proxy_that_drips_is_named(
    name: str, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline, "SECONDS", SOON)
    with serving(*DRIPS["headers"], PAUSE) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:{SECRET}@127.0.0.1:{port}")
        with pytest.raises(ApiError) as told:
            called(name, 443, authority.path, monkeypatch, host="cloud.example.com", tls=True)
    assert "cloud.example.com gave no whole answer within" in str(told.value)
    assert f"through the proxy 127.0.0.1:{port}. " in str(told.value)
    assert SECRET not in str(told.value)


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate"])
@pytest.mark.parametrize("name", UNPACKING)
def test_an_honest_answer_is_unpacked(
    name: str, coding: str, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = json.dumps({"tenantUid": "t", "filling": "x" * 2**20}).encode()
    packed = zlib.compress(content) if coding == "deflate" else gzip.compress(content)
    pieces = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (packed[:9], packed[9:]))
    head = f"Content-Encoding: {coding}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    with serving(OK + head + pieces + b"0\r\n\r\n", b"") as port:
        assert called(name, port, authority.path, monkeypatch)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip"])
def test_a_coding_that_nobody_asked_for_is_refused(
    coding: str, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = OK + f"Content-Encoding: {coding}\r\nContent-Length: 2\r\n\r\n{{}}".encode()
    with (
        serving(answer, b"") as port,
        pytest.raises(ApiError, match="packed in a way that was not asked for"),
    ):
        called("palette", port, authority.path, monkeypatch)


def test_what_is_unpacked_is_never_held_whole(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(*FLOODS["gzip"], 0) as port:
        tracemalloc.start()
        try:
            with pytest.raises(ApiError, match="more than 32 MB"):
                called(FULLY[-1], port, authority.path, monkeypatch)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 8 * 2**20


def test_all_within_a_call_share_its_time() -> None:
    now = FakeTime()
    with answering("outer", clock=now.clock) as outer, pytest.raises(ApiError, match=r"^inner: "):
        now.sleep(1000)  # before the first wait: a person was asked for a code
        assert outer.left(5) == 5
        now.sleep(deadline.SECONDS - 1)
        with answering("inner", clock=now.clock) as inner:
            assert inner.left(5) == 1
            now.sleep(1)
            with pytest.raises(Unfinished):
                inner.left()
            with pytest.raises(Unfinished):
                inner.begin("host")  # a library tries again
            raise ValueError("what a library made of it")


def test_an_end_that_a_library_hides_is_told_all_the_same() -> None:
    now = FakeTime()
    why = r"^inner: the server gave no whole answer"
    with pytest.raises(ApiError, match=why), answering("outer", clock=now.clock) as outer:
        outer.left()
        now.sleep(deadline.SECONDS)
        with suppress(ApiError), answering("inner", clock=now.clock) as inner:
            inner.left()
        raise LookupError("no credentials")


def test_an_error_of_its_own_is_left_alone() -> None:
    with pytest.raises(LookupError), answering("a call"):
        raise LookupError


def test_who_connects_outside_of_a_call_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    measure()
    monkeypatch.setattr(deadline, "SECONDS", 0)
    monkeypatch.setattr(deadline, "LARGEST", 0)
    with serving(OK + b"Content-Length: 5\r\n\r\nwhole", b"") as port:
        assert urllib3.PoolManager().request("GET", f"http://127.0.0.1:{port}/").data == b"whole"
