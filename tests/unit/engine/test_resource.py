import asyncio
import gc
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import Context
from dataclasses import dataclass
from typing import Any
from weakref import ReferenceType, ref

import pulumi
import pytest
from pulumi.runtime import get_root_resource, mocks

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.model import Model, Storage, logical_name
from palette_backup_provider.engine import resource
from palette_backup_provider.engine.resource import Resource, _read_by_programs, props
from palette_backup_provider.registry import RESOURCES
from tests.unit.engine.fake import SECRET, State, ThingHandler

HOME = "palette_backup_provider.resources.fake.thing"


@dataclass(kw_only=True)
class LoginArgs:
    user: pulumi.Input[str]
    password: pulumi.Input[str]
    kind: str = "login"


@dataclass(kw_only=True)
class DoorArgs:
    house: pulumi.Input[str]
    key: Any
    color: pulumi.Input[str] | None = None


@dataclass(kw_only=True)
class ThingArgs:
    region: pulumi.Input[str]
    door: Any = None
    password: pulumi.Input[str] | None = None
    days: pulumi.Input[int] | None = None
    identity: Any = None


class Thing(Resource[ThingArgs], handler=ThingHandler):
    __module__ = HOME
    name: pulumi.Output[str]


class Other(Resource[ThingArgs], handler=ThingHandler):
    __module__ = HOME


class Engine(mocks.Mocks):
    """Notes what is registered."""

    def __init__(self) -> None:
        self.seen: dict[str, mocks.MockResourceArgs] = {}
        self.sealed: list[str] = []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        self.seen[args.name] = args
        return args.resource_id or f"{args.name}-id", args.inputs

    def call(self, args: mocks.MockCallArgs) -> Any:
        return {}


class Monitor(mocks.MockMonitor):
    """Notes what the mocks do not pass on."""

    def RegisterResource(self, request: Any) -> Any:
        assert isinstance(self.mocks, Engine)
        self.mocks.sealed += request.additionalSecretOutputs
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]


def run(
    program: Callable[[], Any],
    project: str = "project",
    stack: str = "stack",
    mode: str = "up",
) -> Engine:
    """Runs `program` and waits for what it returns."""
    engine = Engine()
    with closing(asyncio.new_event_loop()) as loop, closing(asyncio.new_event_loop()) as monitor:
        # The mocks would leave a loop of their own open in each thread they run in.
        threads = ThreadPoolExecutor(1, initializer=asyncio.set_event_loop, initargs=(monitor,))
        loop.set_default_executor(threads)
        asyncio.set_event_loop(loop)
        pulumi.runtime.set_mocks(
            engine, project, stack, mode == "preview", monitor=Monitor(engine), organization="org"
        )
        try:
            pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]
        finally:
            asyncio.set_event_loop(None)
            threads.shutdown()
    return engine


def test_a_preview_knows_what_check_leaves_out_and_no_more() -> None:
    found: dict[str, Any] = {}

    async def noted(**outputs: pulumi.Output[Any]) -> None:
        for name, output in outputs.items():
            found[name] = (await output.is_known(), await output.future())

    def program() -> Any:
        unknown = pulumi.Output.from_input(pulumi.output.UNKNOWN)
        plain, open_ = Thing("plain", region="eu"), Thing("open", region=unknown, days=unknown)
        outputs = {name: vars(plain)[name] for name in ("days", "arn", "name")}
        later = {f"{name} later": vars(open_)[name] for name in ("days", "arn", "tags")}
        return pulumi.Output.from_input(noted(**outputs, **later))

    run(program, mode="preview")
    assert found["days"] == (True, 30) and found["tags later"] == (True, {})
    assert not any(found[name][0] for name in ("name", "days later", "arn later"))


def owner(name: str = "n", kind: Any = Thing, **where: str) -> str:
    def program() -> None:
        kind(name, ThingArgs(region="eu"))

    return str(run(program, **where).seen[name].inputs["__owner"])


def test_the_owner_reads_as_a_person_would_say_it() -> None:
    assert re.fullmatch("org/project/stack/n:[0-9a-f]{6}", owner())
    assert logical_name(owner("Nightly Backups/é")) == "Nightly-Backups--"


def test_the_owner_is_the_same_in_every_run() -> None:
    assert owner() == owner()


def test_two_types_two_names_two_stacks_are_two_owners() -> None:
    long = "s" * 60
    owners = [
        owner(),
        owner(kind=Other),
        owner("m"),
        owner(stack="other"),
        owner(project="other"),
        owner(stack=f"{long}-a"),
        owner(stack=f"{long}-b"),
        owner("n/"),
        owner("n:"),
    ]
    assert len(set(owners)) == len(owners)


def test_a_file_that_keeps_the_provider_from_beginning_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hidden(*_: str) -> None:
        raise ProviderError("grpc.py hides the package grpc")

    monkeypatch.setattr(resource, "demand_visible", hidden)
    resource._demand_provider.cache_clear()
    with pytest.raises(pulumi.RunError, match=r"grpc\.py hides"):
        resource._demand_provider()


def test_the_owner_fits_a_tag() -> None:
    long = "x" * 90
    assert len(owner(long, project=long, stack=long)) <= 256 - len("@0123456789")


def test_a_program_that_ran_is_not_held() -> None:
    """Who uses the Automation API runs many in one process."""
    ran: list[ReferenceType[Any]] = []

    def program() -> None:
        Thing("n", ThingArgs(region="eu"))
        ran.append(ref(get_root_resource()))

    Context().run(run, program)  # the SDK keeps a program in its context
    gc.collect()
    assert [each() for each in ran] == [None]


def test_two_parents_are_two_owners() -> None:
    owners = set()
    for parent in ("a", "b"):

        def program(parent: str = parent) -> None:
            above = pulumi.ComponentResource("test:Group", parent)
            Thing("n", ThingArgs(region="eu"), pulumi.ResourceOptions(parent=above))

        owners.add(run(program).seen["n"].inputs["__owner"])
    assert len({owner(), *owners}) == 3
    assert {o.partition(":")[0] for o in owners} == {"org/project/stack/n"}


def test_token_and_type_come_from_where_the_class_is() -> None:
    assert Thing.token == "fake:Thing"

    def program() -> None:
        Thing("n", ThingArgs(region="eu"))

    assert run(program).seen["n"].typ == "pulumi-python:dynamic/fake:Thing"


def test_every_field_of_state_is_an_output() -> None:
    made = []

    def program() -> None:
        made.append(Thing("n", ThingArgs(region="eu")))

    run(program)
    for name in ("region", "arn", "days", "tags", "token", "__incarnation", "__made_under"):
        assert isinstance(getattr(made[0], name), pulumi.Output)


@pytest.mark.parametrize("each", RESOURCES)
def test_whose_an_object_is_is_an_output_of_storage_alone(each: type[Resource[Any]]) -> None:
    state: type[Model] = each.handler.state_type
    assert ("__incarnation" in _read_by_programs(state)) is issubclass(state, Storage)


def test_a_look_up_reads_by_id() -> None:
    engine = run(lambda: [Thing.get("n", "thing-7")].clear())
    assert engine.seen["n"].resource_id == "thing-7"


async def secrets(value: Any, path: str = "") -> set[str]:
    """The paths of the outputs in `value` that are secret."""
    if isinstance(value, dict):
        return {found for k, v in value.items() for found in await secrets(v, f"{path}.{k}")}
    return {path[1:]} if isinstance(value, pulumi.Output) and await value.is_secret() else set()


def sealed(make: Callable[[], ThingArgs]) -> tuple[dict[str, Any], set[str]]:
    """The properties made of the arguments, and the paths of those that are secret."""
    found: dict[str, Any] = {}
    paths: set[str] = set()

    async def program() -> None:
        found.update(props(make(), State))
        paths.update(await secrets(found))

    run(program)
    return found, paths


def login() -> LoginArgs:
    return LoginArgs(user="me", password=SECRET)


def test_plain_strings_in_secret_fields_are_sealed() -> None:
    door = DoorArgs(house="9", key=login())
    found, secret = sealed(lambda: ThingArgs(region="eu", password=SECRET, door=door))
    assert secret == {"password", "door.key.password"}
    assert (found["region"], found["door"]["house"]) == ("eu", "9")
    assert found["door"]["key"]["user"] == "me"


def test_maps_are_sealed_as_dataclasses_are() -> None:
    key = {"kind": "login", "user": "me", "password": SECRET}
    _, secret = sealed(lambda: ThingArgs(region="eu", door={"house": "9", "key": key}))
    assert secret == {"door.key.password"}


def hidden(make: Callable[[], ThingArgs]) -> Any:
    """What the provider is told of secrets in ordinary fields."""
    engine = run(lambda: [Thing("n", make())].clear())
    return engine.seen["n"].inputs.get("__sealed")


@pytest.mark.parametrize(
    ("make", "paths"),
    [
        (lambda: ThingArgs(region=pulumi.Output.secret("eu")), [["region"]]),
        (
            lambda: ThingArgs(
                region="eu",
                door=DoorArgs(house=pulumi.Output.secret("9"), key=login()),
                days=pulumi.Output.secret(7),
            ),
            [["door", "house"], ["days"]],
        ),
        (
            lambda: ThingArgs(region="eu", identity={"a.b": ["x", pulumi.Output.secret("y")]}),
            [["identity", "a.b", "1"]],
        ),
        (lambda: ThingArgs(region="eu"), None),
        (lambda: ThingArgs(region=pulumi.Output.from_input("eu"), door={"house": "9"}), None),
        (lambda: ThingArgs(region="eu", password=pulumi.Output.secret(SECRET)), None),
    ],
)
def test_the_provider_is_told_where_a_secret_stands_in_an_ordinary_field(
    make: Callable[[], ThingArgs], paths: Any
) -> None:
    assert hidden(make) == paths


def test_what_is_left_out_is_no_property() -> None:
    assert sealed(lambda: ThingArgs(region="eu")) == ({"region": "eu"}, set())


@dataclass
class Riddle:
    answer: str
    kind: str = "riddle"


@dataclass
class Nested:
    riddle: Riddle
    kind: str = "nested"


def test_a_kind_that_is_not_known_is_sealed_as_a_whole() -> None:
    door = DoorArgs(house="9", key=Nested(Riddle(SECRET)))
    engine = run(lambda: [Thing("n", ThingArgs(region="eu", door=door))].clear())
    key = {"kind": "nested", "riddle": {"kind": "riddle", "answer": SECRET}}
    assert engine.seen["n"].inputs["door"]["value"]["key"] == key
    _, secret = sealed(lambda: ThingArgs(region="eu", door=door))
    assert secret == {"door.key"}


def test_a_model_that_is_an_output_is_sealed_as_a_whole() -> None:
    _, secret = sealed(
        lambda: ThingArgs(region="eu", identity=pulumi.Output.from_input({"profile": "p"}))
    )
    assert secret == {"identity"}


def test_args_that_come_out_of_an_output_are_a_map_when_they_are_known() -> None:
    found: list[Any] = []

    async def program() -> None:
        door = pulumi.Output.from_input(DoorArgs(house="9", key=pulumi.Output.from_input(login())))
        found.append(await props(ThingArgs(region="eu", door=door), State)["door"].future())

    run(program)
    (door,) = found
    assert door["house"] == "9" and door.keys() == {"house", "key"}


def test_secrets_that_the_cloud_tells_are_secret_outputs() -> None:
    engine = run(lambda: [Thing("n", ThingArgs(region="eu"))].clear())
    assert engine.sealed == ["password", "token"]
