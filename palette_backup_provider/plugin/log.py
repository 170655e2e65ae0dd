"""Lines of progress on the row of the resource that they are about."""

from contextlib import suppress
from contextvars import ContextVar

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

PATIENCE = 5.0
"""Seconds for a line: work does not wait for its report."""
urn: ContextVar[str] = ContextVar("urn", default="")
"""The resource that the thread is at work for."""


class EngineLog:
    """The log of the engine at an address. What a plugin prints the engine hides."""

    def __init__(self, engine: str) -> None:
        self._engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(engine))

    def show(self, message: str) -> None:
        """A line that stays on the terminal; where the engine does not take it, none."""
        line = engine_pb2.LogRequest(severity=engine_pb2.INFO, message=message, urn=urn.get())
        with suppress(grpc.RpcError):
            self._engine.Log(line, timeout=PATIENCE)
