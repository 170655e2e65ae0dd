"""Two stacks at once from one address: Palette counts their calls together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.bench.locations import CLOUD, program
from tests.sandbox.control import Control
from tests.sandbox.stack import Stack

SOON_SPENT = {"rate": 6, "burst": 1}
"""The first call spends it, and six a second are fewer than any machine makes."""
DOCUMENTED = {"rate": 10, "burst": 50}


@pytest.mark.parametrize(
    ("size", "limit"),
    [(4, SOON_SPENT), pytest.param(30, DOCUMENTED, marks=pytest.mark.stress)],
    ids=["few", "many"],
)
def test_both_back_off_and_finish(
    new_stack: Callable[..., Stack],
    control: Control,
    env: dict[str, str],
    size: int,
    limit: dict[str, int],
) -> None:
    CLOUD.make_bucket(env)
    stacks = [new_stack(name, project=name) for name in ("one", "two")]
    for stack in stacks:
        stack.program(program(size, proven=False))
    control.post("limit", limit)
    with ThreadPoolExecutor(len(stacks)) as both:
        list(both.map(Stack.up, stacks))
        assert len(control.locations()) == 2 * size
        for stack in stacks:
            stack.unchanged()
        list(both.map(Stack.destroy, stacks))
    assert not control.locations()
    if limit == SOON_SPENT:  # neither can know of the other beforehand
        assert control.get("calls")["rejected"]
