"""The plugin's servicer, served in this process and called over gRPC, without an engine."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime import proto, rpc
from pulumi.runtime.proto import provider_pb2_grpc

from palette_backup_provider.core.run import Run
from palette_backup_provider.engine.owner import Origin
from palette_backup_provider.plugin.config import PluginConfiguration
from palette_backup_provider.plugin.servicer import Servicer

NOBODY = "127.0.0.1:9"
"""An engine that is not there."""
LINEAGE = "202611281a2b3c4d"
SECRET = {rpc._special_sig_key: rpc._special_secret_sig}


class OneRun(Servicer):
    """Configured already: calls are of this run."""

    def __init__(self, run: Run) -> None:
        super().__init__(NOBODY, PluginConfiguration())
        self._run, self._origin = run, Origin(lineage=LINEAGE)


@contextmanager
def served(servicer: Servicer | None = None, engine: str = NOBODY) -> Iterator[Any]:
    """A stub that calls a plugin, which serves an engine at an address."""
    port: list[int] = []
    ready, loop = threading.Event(), asyncio.new_event_loop()

    async def serve() -> None:
        try:
            server = grpc.aio.server()
            serving = servicer or Servicer(engine, PluginConfiguration())
            provider_pb2_grpc.add_ResourceProviderServicer_to_server(serving, server)
            port.append(server.add_insecure_port("127.0.0.1:0"))
            await server.start()
        finally:
            ready.set()
        await ended.wait()
        await server.stop(None)

    ended = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=[serve()])
    thread.start()
    ready.wait()
    try:
        with grpc.insecure_channel(f"127.0.0.1:{port[0]}") as channel:
            yield provider_pb2_grpc.ResourceProviderStub(channel)
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


def urn_of(token: str, name: str = "nightly") -> str:
    return f"urn:pulumi:stack::project::palette-backup:{token}::{name}"


def struct(props: Any) -> Struct:
    message = Struct()
    message.update(props)
    return message


def plain(message: Struct) -> dict[str, Any]:
    """What a message holds, with secrets opened."""
    opened: dict[str, Any] = _opened(json_format.MessageToDict(message))
    return opened


def bare(message: Struct) -> dict[str, Any]:
    """What a message holds, without secrets."""
    shown: dict[str, Any] = _shown(json_format.MessageToDict(message))
    return shown


def secret(value: Any) -> dict[str, Any]:
    """A value that the engine marks secret."""
    return {**SECRET, "value": value}


def check(stub: Any, token: str, news: Any, olds: Any = None) -> Any:
    request = proto.CheckRequest(urn=urn_of(token), olds=struct(olds or {}), news=struct(news))
    return stub.Check(request)


def _opened(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() >= SECRET.keys():
            return _opened(value["value"])
        return {name: _opened(one) for name, one in value.items()}
    return [_opened(one) for one in value] if isinstance(value, list) else value


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _shown(one)
            for name, one in value.items()
            if not (isinstance(one, dict) and one.keys() >= SECRET.keys())
        }
    return [_shown(one) for one in value] if isinstance(value, list) else value
