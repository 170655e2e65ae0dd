"""Whole backup locations on AWS: bucket, policy, user, key and location."""

from collections.abc import Iterator

from tests.bench.report import Row
from tests.bench.world import World

PROGRAM = """\
for number in range({size}):
    AwsBackupLocation(f"nightly-{{number}}", AwsBackupLocationArgs(region="us-east-1"))
"""
SLICE = {1: (3.4, 3.1, 2.7), 20: (6.1, 3.1, 4.3)}
"""Seconds for up, unchanged preview and destroy, by the number of components: what an early slice
of the provider took on 2 cores."""


def components(world: World) -> Iterator[Row]:
    """One component and twenty, with no latency but this machine's."""
    for size, goals in SLICE.items():
        world.begin(latency_ms=0)
        stack = world.stack()
        stack.program(PROGRAM.format(size=size))
        what = f"{size} AWS component{'s' if size > 1 else ''}"
        steps = {"up": stack.up, "unchanged preview": stack.preview, "destroy": stack.destroy}
        for (step, run), goal in zip(steps.items(), goals, strict=True):
            cost = world.cost(run)
            yield Row(f"{what}: {step}", str(cost), f"at most {goal} s, no 429", cost.within(goal))
