import json
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime import proto

from palette_backup_provider.core import stopping
from palette_backup_provider.core.errors import Stopped
from palette_backup_provider.core.own_settings import QUIET
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.stopping import pause
from palette_backup_provider.plugin.config import settings
from palette_backup_provider.plugin.servicer import Servicer
from palette_backup_provider.registry import RESOURCES
from tests.served import served, struct


@pytest.fixture
def stub() -> Iterator[Any]:
    with served() as stub:
        yield stub


def test_after_a_cancel_nothing_waits(stub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_stopped", Future[None]())
    stub.Cancel(Empty())
    with pytest.raises(Stopped):
        pause(60)


def test_another_config_is_for_the_engine_to_see_and_replaces_nothing(stub: Any) -> None:
    request = proto.DiffRequest(olds=struct({"host": "a"}), news=struct({"host": "b"}))
    told = stub.DiffConfig(request)
    assert told.changes == proto.DiffResponse.DIFF_UNKNOWN
    assert not told.replaces


def test_the_engine_is_told_what_the_plugin_takes(stub: Any) -> None:
    told = stub.Configure(proto.ConfigureRequest(args=struct({"apiKey": "k"})))
    assert (told.acceptSecrets, told.supportsPreview, told.acceptOutputs) == (True, True, False)


def test_a_variable_that_cannot_be_meant_is_told_by_configure_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for key in settings().values():
        for variable in key.variables:
            monkeypatch.setenv(variable, "?")
    monkeypatch.setenv(QUIET.variables[0], "yes")
    with served() as stub:
        assert stub.GetSchema(proto.GetSchemaRequest()).schema
        assert not stub.CheckConfig(proto.CheckRequest()).failures
        with pytest.raises(grpc.RpcError) as told:
            stub.Configure(proto.ConfigureRequest())
    assert told.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert told.value.details() == "palette-backup:quiet is 'yes'. It takes true or false."


def test_config_is_checked(stub: Any) -> None:
    urn = "urn:pulumi:stack::project::pulumi:providers:palette-backup::default"
    request = proto.CheckRequest(urn=urn, news=struct({"apKey": "k"}))
    (failure,) = stub.CheckConfig(request).failures
    assert "do you mean palette-backup:apiKey?" in failure.reason


def test_what_goes_wrong_in_a_component_is_told_without_a_secret(
    stub: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember("s3cr3t-of-a-component")

    async def construct(*_: Any) -> None:
        raise ValueError("no such key: s3cr3t-of-a-component")

    monkeypatch.setattr(Servicer, "_construct", construct)
    with pytest.raises(grpc.RpcError) as told:
        stub.Construct(proto.ConstructRequest(name="nightly"))
    assert "no such key: [secret]" in told.value.details()
    assert "s3cr3t" not in told.value.details()


def test_it_tells_its_version_and_schema(stub: Any) -> None:
    assert stub.GetPluginInfo(Empty()).version
    schema = json.loads(stub.GetSchema(proto.GetSchemaRequest()).schema)
    assert {f"palette-backup:{kind.token}" for kind in RESOURCES} < schema["resources"].keys()
