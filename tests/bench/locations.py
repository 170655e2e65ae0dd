"""Many locations and nothing else, as peers were measured: the bucket and the key exist already.

A location costs one call that counts to create or delete: after the 50 that may come at once, 10 a
second. The engine makes four at a time, so calls of 100 ms hold a small stack up longer than that.
"""

from collections.abc import Iterator

from tests.bench.report import Row
from tests.bench.world import LIMIT, Cost, World
from tests.clouds import in_some_folders

(CLOUD, *_) = in_some_folders(__package__, "locations").values()
"""Where they are: any will do, as Palette alone is measured."""
AT_ONCE = 4
"""How many resources the engine has a provider make at once."""
PROGRAM = """\
import os
for number in range({size}):
    palette.BackupLocation(f"location-{{number}}", palette.BackupLocationArgs(
        storage={storage},
        probe={proven},
        palette_validate={proven},
    ))
"""


def program(size: int, *, proven: bool) -> str:
    """A program with so many locations; `proven` says whether their key is tried beforehand."""
    return PROGRAM.format(size=size, storage=CLOUD.STORAGE, proven=proven)


def allowed(size: int) -> float:
    """Seconds in which Palette's limit, or its latency, lets so many calls through after a rest."""
    trickle = (size - LIMIT["burst"]) / LIMIT["rate"]
    return max(trickle, size / AT_ONCE * LIMIT["latency_ms"] / 1000)


def as_peers_do(world: World) -> Iterator[Row]:
    """Create, look, refresh, destroy: locations whose key nobody tries."""
    world.begin()
    CLOUD.make_bucket(world.sandbox.env)
    empty, size = world.empty(), world.size
    nothing, nothing_up = world.best(empty.preview), world.cost(empty.up)
    limit = 1.3 * allowed(size) + nothing_up.seconds
    goal = (
        f"no 429, at most 1.3 x {allowed(size):.1f} s (limit) "
        f"+ an empty up ({nothing_up.seconds:.1f} s) = {limit:.1f} s"
    )
    stack = world.stack()
    stack.program(program(size, proven=False))

    made = world.cost(stack.up)
    peers = "9.3 s, 18 x 429", "8.6 s, 14 x 429"
    yield Row(f"create {size}, nothing proven", str(made), goal, made.within(limit), *peers)
    yield _preview(size, world.best(stack.preview), nothing)
    yield _refresh("the first refresh", size, world.cost(stack.refresh), size + 3)
    seen = world.best(lambda: stack.preview("--refresh"))
    peers = "17.3 s, 55 x 429", "21.2 s, 37 x 429"
    what = f"preview --refresh, {size} unchanged (best of 3)"
    yield Row(what, str(seen), "at most 5 s, no 429", seen.within(5), *peers)
    yield _refresh("a later refresh", size, world.cost(stack.refresh), 3)

    world.rest()
    gone = world.cost(stack.destroy)
    peers = "46.1 s, 74 x 429", "9.5 s, 14 x 429"
    yield Row(f"destroy {size}, after a rest", str(gone), goal, gone.within(limit), *peers)


def _preview(size: int, seen: Cost, nothing: Cost) -> Row:
    limit = 1.3 * nothing.seconds + 1.5
    return Row(
        f"preview, {size} unchanged (best of 3)",
        f"{seen.seconds:.1f} s",
        f"at most 1.3 x an empty one ({nothing.seconds:.1f} s) + 1.5 s = {limit:.1f} s",
        seen.seconds <= limit,
        "always refreshes",
        "3.1 s",
    )


def _refresh(which: str, size: int, seen: Cost, limit: int) -> Row:
    """After a write Palette's timestamp is not known, so the first reads each location once."""
    paths = ", ".join(f"{call.partition(' ')[2]} {n}" for call, n in sorted(seen.calls.items()))
    reads = " and each location once" if limit > 3 else ""
    return Row(
        f"calls to Palette, {which} of {size} unchanged",
        f"{seen.calls.total()} ({paths}), {seen}",
        f"at most {limit}: whose key, projects, list{reads}; no 429",
        seen.calls.total() <= limit and not seen.refused,
        f"{2 * size + 1}",
        f"{2 * size + 1}",
    )


def proven(world: World) -> Iterator[Row]:
    """The default: each key is tried on its bucket and validated by Palette before it is used."""
    world.begin()
    CLOUD.make_bucket(world.sandbox.env)
    stack, size = world.stack(), world.size
    stack.program(program(size, proven=True))
    with world.provider_memory() as memory:
        made = world.cost(stack.up)
    yield Row(f"create {size}, each key proven", str(made), "no 429", not made.refused)
    gone = world.cost(stack.destroy)
    yield Row(f"destroy {size}, straight after", str(gone), "no 429", not gone.refused)
    peak = f"{memory.megabytes:.0f} MB" if memory.megabytes else "not told on this system"
    yield Row(f"provider process, peak, create of {size}", peak, "200 MB", memory.megabytes <= 200)
