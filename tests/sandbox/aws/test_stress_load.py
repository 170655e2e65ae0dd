"""A thousand locations: Palette's limit is kept, the provider stays small, and nothing is left."""

import time
from collections.abc import Callable

import pytest

from tests.bench.aws.locations import BUCKET
from tests.bench.locations import allowed, program
from tests.bench.world import LIMIT, PeakMemory
from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.command import Run
from tests.sandbox.control import Control
from tests.sandbox.stack import ONE_CHECKPOINT, Stack

SIZE = 1000
MEGABYTES = 200
"""What one provider process may take at its peak."""

KEY = """\
key = aws.AccessKey("all", aws.AccessKeyArgs(user="all", rotation=config.get("rotation")))
"""

pytestmark = pytest.mark.stress


def of_the_key(program: str) -> str:
    """The program, with the one key that rotates."""
    id, secret = (f'os.environ["AWS_{name}"]' for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"))
    return program.replace(id, "key.access_key_id").replace(secret, "key.secret_access_key")


def test_a_thousand_locations_meet_no_refusal(
    stack: Stack, control: Control, aws: AwsInspector, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.environment = {**stack.environment, **ONE_CHECKPOINT}
    aws.client("s3").create_bucket(Bucket=BUCKET)
    control.post("knobs", {"location_limit": SIZE})
    control.post("limit", LIMIT)
    aws.client("iam").create_user(UserName="all")
    stack.program(f"{KEY}{of_the_key(program(SIZE, proven=False))}")

    def run(what: str, command: Callable[[], Run]) -> None:
        started = time.monotonic()
        with PeakMemory(f"PULUMI_HOME={stack.environment['PULUMI_HOME']}".encode()) as memory:
            command()
        took = f"{time.monotonic() - started:.1f} s, provider {memory.megabytes:.0f} MB"
        with capsys.disabled():
            print(f"\n{what} {SIZE} locations: {took}", flush=True)
        assert control.get("calls")["rejected"] == 0
        assert 0 < memory.megabytes < MEGABYTES

    with capsys.disabled():
        print(f"\nto change each once, Palette's limit allows {allowed(SIZE):.1f} s")
    run("create", stack.up)
    assert len(control.locations()) == SIZE
    first = set(aws.keys("all"))
    run("preview", lambda: stack.preview("--expect-no-changes"))
    run("refresh", lambda: stack.refresh("--expect-no-changes"))
    stack.set("rotation", "2")
    run("rotate", stack.up)
    configs = [one["body"]["spec"]["config"] for one in control.locations()]
    (held,) = {config["credentials"]["accessKey"] for config in configs}
    assert held not in first
    run("destroy", stack.destroy)
    assert control.locations() == []
    assert aws.buckets() == [BUCKET]
    assert stack.resources() == []
