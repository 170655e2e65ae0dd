import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from palette_backup_provider.plugin import log
from palette_backup_provider.plugin.log import EngineLog, urn
from tests.served import NOBODY


class Engine(engine_pb2_grpc.EngineServicer):
    def __init__(self) -> None:
        self.lines: list[Any] = []

    def Log(self, request: Any, context: Any) -> Any:
        self.lines.append(request)
        return Empty()


def test_a_line_stands_on_the_row_of_the_resource_at_work() -> None:
    engine, server = Engine(), grpc.server(ThreadPoolExecutor(1))
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    token = urn.set("urn:of:the:bucket")
    try:
        EngineLog(f"127.0.0.1:{port}").show("waiting")
    finally:
        urn.reset(token)
        server.stop(None)
    (line,) = engine.lines
    assert (line.message, line.urn) == ("waiting", "urn:of:the:bucket")
    assert line.severity == engine_pb2.INFO
    assert not line.ephemeral


def test_an_engine_that_is_gone_fails_nothing() -> None:
    EngineLog(NOBODY).show("waiting")


def test_an_engine_that_does_not_answer_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        EngineLog(f"127.0.0.1:{silent.getsockname()[1]}").show("waiting")
