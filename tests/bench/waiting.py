"""Credentials that a cloud knows only after a while: what it costs to wait for them."""

from collections.abc import Iterator
from datetime import datetime

from tests.bench.report import Row
from tests.bench.world import World
from tests.sandbox.folders import in_each_folder
from tests.sandbox.fresh import Fresh

DELAYS = (5, 20)
FRESH: list[Fresh] = [each.FRESH for each in in_each_folder("fresh").values()]


def waiting(world: World) -> Iterator[Row]:
    """From the making of a credential that is unknown at first to its location."""
    for fresh in FRESH:
        name = fresh.component.name
        for delay in DELAYS:
            world.begin()
            world.control.post("delay", {"seconds": delay})
            stack = world.stack()
            stack.program(fresh.component.minimal())
            stack.up()
            (location,) = world.sandbox.store.all()
            made = fresh.made(world.sandbox, location.body["spec"]["config"]["credentials"])
            waited = datetime.fromisoformat(location.created).timestamp() - made
            limit = 1.2 * delay + 1
            yield Row(
                f"{name}: wait for a {fresh.what} that becomes valid after {delay} s",
                f"{waited:.1f} s",
                f"at most 1.2 x {delay} s + 1 s = {limit:.0f} s",
                waited <= limit,
                *fresh.peers,
            )
            world.control.post("delay", {"seconds": 0})
            stack.destroy()
