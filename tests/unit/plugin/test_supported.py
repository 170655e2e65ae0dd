"""An engine that is too old is told so, and no other."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
from pulumi.runtime import proto
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.plugin.supported import demand_supported
from tests.served import NOBODY, served, struct


class New(engine_pb2_grpc.EngineServicer):
    def RequirePulumiVersion(self, request: Any, context: Any) -> Any:
        assert request.pulumi_version_range == ">=3.250.0"
        return engine_pb2.RequirePulumiVersionResponse()


class Old(engine_pb2_grpc.EngineServicer):
    def RequirePulumiVersion(self, request: Any, context: Any) -> Any:
        context.abort(grpc.StatusCode.UNKNOWN, "Pulumi CLI version 3.220.0 does not satisfy it")


Oldest = engine_pb2_grpc.EngineServicer
"""It has no such call."""


@contextmanager
def listening(kind: Callable[[], Any]) -> Iterator[str]:
    """The address of an engine."""
    server = grpc.server(ThreadPoolExecutor(1))
    engine_pb2_grpc.add_EngineServicer_to_server(kind(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None)


@pytest.mark.parametrize("kind", [Old, Oldest])
def test_an_older_one_is_refused(kind: Callable[[], Any]) -> None:
    with listening(kind) as address, pytest.raises(ProviderError) as told:
        demand_supported(address)
    assert "older than 3.250" in str(told.value)


class Ending(engine_pb2_grpc.EngineServicer):
    def RequirePulumiVersion(self, request: Any, context: Any) -> Any:
        context.abort(grpc.StatusCode.CANCELLED, "the run was cancelled")


@pytest.mark.parametrize("kind", [New, Ending])
def test_one_that_is_new_enough_or_ends_is_not(kind: Callable[[], Any]) -> None:
    with listening(kind) as address:
        demand_supported(address)
    demand_supported(NOBODY)


def test_it_is_asked_before_the_plugin_is_configured() -> None:
    request = proto.ConfigureRequest(args=struct({}))
    with (
        listening(Old) as address,
        served(engine=address) as stub,
        pytest.raises(grpc.RpcError) as told,
    ):
        stub.Configure(request)
    assert told.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "\n" not in told.value.details()
