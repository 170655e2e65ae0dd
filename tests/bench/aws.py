"""Whole backup locations on AWS: bucket, policy, user, key and location."""

from collections.abc import Iterator
from datetime import UTC, datetime

from moto.iam.models import iam_backends

from palette_backup_provider.sandbox.aws import ACCOUNT
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


def waiting(world: World) -> Iterator[Row]:
    """From the making of a key that is unknown at first to its location."""
    for delay in (5, 20):
        world.begin()
        world.control.post("delay", {"seconds": delay})
        stack = world.stack()
        stack.program(PROGRAM.format(size=1))
        stack.up()
        waited, limit = _from_key_to_location(world), 1.2 * delay + 1
        yield Row(
            f"wait for a key that becomes valid after {delay} s",
            f"{waited:.1f} s",
            f"at most 1.2 x {delay} s + 1 s = {limit:.0f} s",
            waited <= limit,
            "fails",
            "fails",
        )
        world.control.post("delay", {"seconds": 0})
        stack.destroy()


def _from_key_to_location(world: World) -> float:
    (location,) = world.sandbox.store.all()
    id = location.body["spec"]["config"]["credentials"]["accessKey"]
    key = iam_backends[ACCOUNT]["aws"].access_keys[id]
    made: datetime = key.create_date.replace(tzinfo=UTC)
    return (datetime.fromisoformat(location.created) - made).total_seconds()
