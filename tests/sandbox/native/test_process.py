"""The plugin as a process: how it begins, speaks and ends."""

import ctypes
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime import proto
from pulumi.runtime.proto import provider_pb2_grpc

from tests.served import struct, urn_of

COMMAND = [sys.executable, "-m", "palette_backup_provider.plugin"]


@contextmanager
def engine() -> Iterator[str]:
    """An address at which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def plugin(address: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A plugin that serves an engine, and its port."""
    process = subprocess.Popen(
        [*COMMAND, address, "--logtostderr"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process, int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


@contextmanager
def calling(port: int) -> Iterator[Any]:
    """What calls the plugin at a port."""
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)


def test_started_by_hand_it_says_what_it_is() -> None:
    done = subprocess.run(COMMAND, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert "is a plugin: Pulumi starts it" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_tells_its_schema_and_ends_without_a_word_when_asked() -> None:
    with engine() as address, plugin(address) as (process, port):
        with calling(port) as stub:
            assert stub.GetSchema(proto.GetSchemaRequest()).schema.startswith('{"name"')
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert process.communicate() == ("", "")


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux for its threads")
def test_it_ends_whichever_thread_hears_of_the_signal() -> None:
    """Or one that comes just before the main thread begins to wait is not noticed."""
    with engine() as address, plugin(address) as (process, port):
        with calling(port) as stub:
            stub.Cancel(Empty())
        threads = [int(task.name) for task in Path(f"/proc/{process.pid}/task").iterdir()]
        other = max(set(threads) - {process.pid})
        assert ctypes.CDLL(None).tgkill(process.pid, other, signal.SIGINT) == 0
        assert process.wait(5) == 0


@pytest.mark.stress
def test_it_outlives_no_engine() -> None:
    with ExitStack() as running:
        with engine() as address:
            process, _ = running.enter_context(plugin(address))
        begun = time.monotonic()
        assert process.wait(60) == 1
        assert time.monotonic() - begun < 45


def test_an_unknown_type_is_refused_without_a_traceback() -> None:
    with engine() as address, plugin(address) as (_, port), calling(port) as stub:
        request = proto.CheckRequest(urn=urn_of("palette:BackupLocations"), news=struct({}))
        with pytest.raises(grpc.RpcError) as refused:
            stub.Check(request)
        assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
        assert "'palette:BackupLocations'" in refused.value.details()
