"""Palette may make a new external id for each call: what was read once has to stay."""

from collections.abc import Iterator

import pytest

from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.resources.palette.aws_sts_account import AwsStsAccountHandler
from tests.unit.clients.loopback import Reply, Server, serve
from tests.unit.resources.stack import Stack

STS = "GET /v1/clouds/aws/account/sts?partition="


@pytest.fixture
def server() -> Iterator[Server]:
    """Palette, with another external id each time."""
    with serve() as server:
        server.on("GET /v1/users/info", Reply(200, {"tenantUid": "t1"}))
        for partition, account in (("aws", "111111111111"), ("aws-us-gov", "222222222222")):
            answers = [
                Reply(200, {"accountId": account, "externalId": f"{partition}-{n}"})
                for n in range(1, 9)
            ]
            server.on(f"{STS}{partition}", *answers)
        yield server


def process(server: Server) -> Stack:
    """A stack as a new process sees it."""
    config = {"palette:host": server.url, "palette:apiKey": "key-of-the-tests"}
    stack = Stack(AwsStsAccountHandler)
    stack.lifecycle = Lifecycle(AwsStsAccountHandler, Run(Settings(config.get, {})))
    return stack


def asked(server: Server) -> list[str]:
    return [call.removeprefix(STS) for call in server.calls() if call.startswith(STS)]


def test_a_first_preview_knows_both_and_create_asks_no_more(server: Server) -> None:
    stack = process(server)
    props = stack.check()
    assert (props["account_id"], props["external_id"]) == ("111111111111", "aws-1")
    made = stack.create()
    assert made.id == "111111111111"
    assert made.outputs["external_id"] == "aws-1"
    assert asked(server) == ["aws"]


def test_later_runs_keep_what_was_read_once(server: Server) -> None:
    made = process(server).create()
    later = process(server)
    assert not later.differs(made)
    assert later.refresh(made) == made
    later.delete(made)
    assert asked(server) == ["aws"]


def test_another_partition_is_read_anew(server: Server) -> None:
    made = process(server).create()
    stack = process(server)
    props = stack.check(made.inputs, partition="aws-us-gov")
    assert (props["account_id"], props["external_id"]) == ("222222222222", "aws-us-gov-1")
    difference = stack.lifecycle.diff(made.id, made.outputs, props, set())
    assert "partition" in difference.replaces
    assert asked(server) == ["aws", "aws-us-gov"]


def test_palette_knows_two_partitions(server: Server) -> None:
    assert "must be 'aws' or 'aws-us-gov'" in process(server).reasons(partition="aws-cn")


def test_a_palette_without_such_an_account_says_who_can_help(server: Server) -> None:
    server.on(f"{STS}aws", Reply(400, {"code": "NotConfigured", "message": "no account"}))
    reasons = process(server).reasons()
    assert "no account" in reasons and "its administrator sets it" in reasons


def test_a_look_up_reads_it(server: Server) -> None:
    state = process(server).lifecycle.read("111111111111", {"__owner": "o/p/s/x:1"})
    assert state is not None
    assert state.model_dump()["external_id"] == "aws-1"
    assert process(server).lifecycle.read("333333333333", {"__owner": "o/p/s/x:1"}) is None
