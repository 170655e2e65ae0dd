"""Every function answers a program in another language as it answers one in Python."""

from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from inspect import signature
from secrets import token_hex
from typing import Any

import grpc
import pytest
from google.protobuf import json_format
from pulumi.runtime import proto, rpc

from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.core.text import camel
from palette_backup_provider.engine.program import serving
from palette_backup_provider.plugin.functions import native_function
from palette_backup_provider.plugin.package import schema
from palette_backup_provider.registry import FUNCTIONS
from tests.contract.samples import FUNCTION_ARGUMENTS
from tests.served import SECRET, OneRun, plain, secret, served, struct

SCHEMA = schema("0.0.0")["functions"]
each_function = pytest.mark.parametrize(("token", "function"), FUNCTIONS.items(), ids=FUNCTIONS)


class OneLocation(Run):
    """A run whose Palette has one location, in whatever project."""

    default_project = "Default"

    def __init__(self) -> None:
        super().__init__(Settings(lambda _: None, {}))

    def client(self, kind: Any, identity: Any = None) -> Any:
        return self

    def project_uid(self, name: str) -> str:
        return "5f1e"

    def locations(self, project: str) -> dict[str, Any]:
        metadata = {"name": "nightly", "labels": {"snake_key": "kept"}}
        return {"a1b2": {"metadata": metadata, "spec": {"storage": "s3"}}}


@pytest.fixture(scope="module")
def stub() -> Iterator[Any]:
    with served(OneRun(OneLocation())) as stub:
        yield stub


def invoke(stub: Any, token: str, args: dict[str, Any]) -> Any:
    request = proto.InvokeRequest(tok=native_function(token), args=struct(args))
    return getattr(stub.Invoke(request), "return")


def refused(stub: Any, token: str, args: dict[str, Any]) -> str:
    with pytest.raises(grpc.RpcError) as told:
        invoke(stub, token, args)
    assert told.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    return str(told.value.details())


def outcome(stub: Any, token: str, args: dict[str, Any]) -> dict[str, Any]:
    """The answer, or how it is refused."""
    try:
        return plain(invoke(stub, token, args))
    except grpc.RpcError:
        return {"told": refused(stub, token, args)}


def on_wire(token: str) -> dict[str, Any]:
    return {camel(name): value for name, value in FUNCTION_ARGUMENTS[token].items()}


def test_every_function_is_tried() -> None:
    assert FUNCTION_ARGUMENTS.keys() == FUNCTIONS.keys()
    assert SCHEMA.keys() == set(map(native_function, FUNCTIONS))


@each_function
def test_the_schema_has_its_arguments(token: str, function: Any) -> None:
    told, asked = SCHEMA[native_function(token)], signature(function).parameters.values()
    assert told["description"]
    assert list(told["inputs"]["properties"]) == [camel(one.name) for one in asked]
    needed = [camel(one.name) for one in asked if one.default is one.empty]
    assert told["inputs"]["required"] == needed


@each_function
def test_it_answers_as_in_python(stub: Any, token: str, function: Any) -> None:
    with serving(OneLocation()):
        expected = function(**FUNCTION_ARGUMENTS[token])
    if is_dataclass(expected):
        expected = {camel(name): one for name, one in asdict(expected).items()}  # type: ignore[arg-type]
    else:
        expected = {"result": expected}
    answer = json_format.MessageToDict(invoke(stub, token, on_wire(token)))
    assert answer == expected
    assert answer.keys() == SCHEMA[native_function(token)]["outputs"]["properties"].keys()


@each_function
def test_an_answer_to_what_is_secret_is_secret(stub: Any, token: str, function: Any) -> None:
    name, value = next(iter(on_wire(token).items()))
    args = on_wire(token)
    answer = invoke(stub, token, {**args, name: {**SECRET, "value": value}})
    assert all(SECRET.items() <= dict(one.struct_value).items() for one in answer.fields.values())
    assert plain(answer) == json_format.MessageToDict(invoke(stub, token, args))


@each_function
def test_a_secret_that_is_null_is_left_out(stub: Any, token: str, function: Any) -> None:
    for name in map(camel, signature(function).parameters):
        without = {one: value for one, value in on_wire(token).items() if one != name}
        told = outcome(stub, token, {**without, name: secret(None)})
        assert told == outcome(stub, token, without)


@each_function
def test_no_secret_is_told_wherever_it_is_given(stub: Any, token: str, function: Any) -> None:
    parameters = signature(function).parameters.values()
    switched_on = {camel(one.name): True for one in parameters if one.annotation is bool}
    for name in (camel(one.name) for one in parameters):
        for where in (lambda one: one, lambda one: {"team": one}, lambda one: [one]):
            hidden = f"{token_hex(8)}*"  # another each time: what was cleared once always is
            args = {**on_wire(token), **switched_on, name: where(secret(hidden))}
            assert hidden not in str(outcome(stub, token, args).get("told"))


@each_function
def test_what_is_wrong_is_told_with_the_names_of_the_schema(
    stub: Any, token: str, function: Any
) -> None:
    named, args = camel(function.__name__), on_wire(token)
    name = next(iter(args))
    assert f"{named}: {name}: is required" in refused(stub, token, {})
    told = refused(stub, token, {**args, f"{name}s": "x"})
    assert f"{named}: {name}s: is no argument" in told
    assert f"Did you mean {name}?" in told
    told = refused(stub, token, {**args, name: rpc.UNKNOWN})
    assert f"{named}: {name}: has no value yet" in told
    told = refused(stub, token, {**args, name: 3})
    assert f"{named}: {name}: " in told


@each_function
def test_what_the_user_wrote_is_told_as_it_is(stub: Any, token: str, function: Any) -> None:
    args, called = on_wire(token), camel(function.__name__)
    told = refused(stub, token, {**args, "permissions_boundary": "x"})
    assert f"{called}: permissions_boundary: is no argument" in told
    for name in on_wire(token):
        told = str(outcome(stub, token, {**args, name: "force_destroy?*"}).get("told", ""))
        assert "forceDestroy" not in told


def test_one_that_is_not_there(stub: Any) -> None:
    told = refused(stub, "palette:get_location", {})
    assert "has no function 'palette-backup:palette:getLocation'" in told
