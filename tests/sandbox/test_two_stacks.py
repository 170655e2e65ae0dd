"""Two stacks at once from one address: Palette counts their calls together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.bench.locations import BUCKET, program
from tests.sandbox.cloud import AwsEyes
from tests.sandbox.conftest import Control
from tests.sandbox.stack import Stack

SIZE = 30


@pytest.mark.parametrize("burst", [5, 50])
def test_both_back_off_and_finish(
    new_stack: Callable[..., Stack], control: Control, aws: AwsEyes, burst: int
) -> None:
    aws.client("s3").create_bucket(Bucket=BUCKET)
    stacks = [new_stack(name, project=name) for name in ("one", "two")]
    for stack in stacks:
        stack.program(program(SIZE, proven=False))
    control.post("limit", {"rate": 10, "burst": burst})
    with ThreadPoolExecutor(len(stacks)) as both:
        list(both.map(Stack.up, stacks))
        assert len(control.locations()) == 2 * SIZE
        for stack in stacks:
            stack.unchanged()
        list(both.map(Stack.destroy, stacks))
    assert not control.locations()
    assert control.get("calls")["rejected"]  # neither can know of the other beforehand
