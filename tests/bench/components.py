"""Whole components: whatever the first of them makes, and its location."""

from collections.abc import Iterator

from tests.bench.report import Row
from tests.bench.world import World
from tests.sandbox.components import ANY

SLICE = {1: (3.4, 3.1, 2.7), 20: (6.1, 3.1, 4.3)}
"""Seconds for up, unchanged preview and destroy, by the number of components: what an early slice
of the provider took on 2 cores."""


def whole(world: World) -> Iterator[Row]:
    """One component and twenty, with no latency but this machine's."""
    for size, goals in SLICE.items():
        world.begin(latency_ms=0)
        stack = world.stack()
        stack.program("".join(ANY.minimal(name=f"nightly-{n}") for n in range(size)))
        what = f"{size} x {ANY.name}"
        steps = {"up": stack.up, "unchanged preview": stack.preview, "destroy": stack.destroy}
        for (step, run), goal in zip(steps.items(), goals, strict=True):
            cost = world.cost(run)
            yield Row(f"{what}: {step}", str(cost), f"at most {goal} s, no 429", cost.within(goal))
