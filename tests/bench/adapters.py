"""Both adapters, one after the other in one run: the same program, and a setting apart."""

import os
from collections.abc import Iterator
from functools import partial

from tests.bench.locations import CLOUD, program
from tests.bench.report import Row
from tests.bench.world import LIMIT, Cost, World, least
from tests.sandbox.native.yaml_stack import COMMAND, install
from tests.sandbox.stack import ONE_CHECKPOINT, Stack

SLOW = {"latency_ms": 3000}
SLOWLY = 24
"""Creates of three seconds a call: four at a time, or as many as the engine asks for."""
BURSTS = (5, 50)
"""The two readings of what Palette documents."""
MANY = 10
"""Times the size: where what a resource costs shows, and not what a command does."""


def side_by_side(world: World) -> Iterator[Row]:
    """Create, look, refresh and destroy, dynamic : native; each alone in Palette, by turns. A
    minute in which all takes longer is not to decide, so the best of several lives counts."""
    for size, times in ((world.size, 3), (MANY * world.size, 1)):
        stacks = both(world, program(size, proven=False))
        for stack in stacks:  # the state of a thousand, after each step, is the backend's own cost
            stack.environment = {**stack.environment, **ONE_CHECKPOINT}
        with world.provider_memory(COMMAND) as memory:
            lives = [[_life(world, stack) for stack in stacks] for _ in range(times)]
        for what in lives[0][0]:
            dynamic, native = (
                least(life[what] for life in side) for side in zip(*lives, strict=True)
            )
            holds = native.cpu <= dynamic.cpu and native.within(dynamic.seconds)
            shown = f"{dynamic} : {native}"
            goal = "native at most 1.0 x, CPU and wall"
            of = f"{what} of {size} (best of {times})"
            yield Row(f"{of}, dynamic : native", shown, goal, holds)
        peak = f"{memory.megabytes:.0f} MB" if memory.megabytes else "not told on this system"
        yield Row(f"plugin process, peak, {size}", peak, "100 MB", memory.megabytes <= 100)


def _life(world: World, stack: Stack) -> dict[str, Cost]:
    """What a stack's life costs, step by step."""
    world.begin()
    CLOUD.make_bucket(world.sandbox.env)
    refresh = partial(stack.preview, "--refresh")
    return {
        "create": world.rested(stack.up),
        "preview, unchanged": world.rested(stack.preview),
        "preview --refresh": world.rested(refresh),
        "destroy": world.rested(stack.destroy),
    }


def slow_creates(world: World) -> Iterator[Row]:
    """How many creates go on at a time."""
    world.begin(**SLOW)
    CLOUD.make_bucket(world.sandbox.env)
    stacks = both(world, program(SLOWLY, proven=False))
    dynamic, native = (world.cost(stack.up) for stack in stacks)
    what = f"{SLOWLY} creates of 3 s a call, dynamic : native"
    shown = f"{dynamic.seconds:.1f} s : {native.seconds:.1f} s"
    yield Row(what, shown, "native at most 0.7 x", native.seconds <= 0.7 * dynamic.seconds)


def at_the_limit(world: World) -> Iterator[Row]:
    """Creates are as fast as Palette lets them be, and all else is what an empty program takes."""
    nothing = world.cost(world.empty().up).seconds
    for burst in BURSTS:
        stacks = both(world, program(world.size, proven=False))
        for name, stack in zip(("dynamic", "native"), stacks, strict=True):
            world.begin(burst=burst)
            CLOUD.make_bucket(world.sandbox.env)
            made = world.cost(stack.up)
            counted = sum(n for call, n in made.calls.items() if " /v1/users" in call)
            allowed = (counted - burst) / LIMIT["rate"]
            what = f"create {world.size} by the {name} adapter, {burst} calls at once"
            yield Row(
                f"{what}: first call to last",
                f"{made.between:.1f} s, {made.refused} x 429",
                f"at most 1.05 x what the limit allows, {allowed:.1f} s",
                made.between <= 1.05 * allowed,
            )
            rest = made.seconds - made.between
            goal = f"at most an empty up ({nothing:.1f} s) + 1 s"
            yield Row(f"{what}: all else", f"{rest:.1f} s", goal, rest <= nothing + 1)


def both(world: World, text: str) -> list[Stack]:
    """One stack for each adapter, with the same program."""
    stacks = [world.stack(), world.stack()]
    plugin = install(stacks[1].folder / "plugin")
    path = os.pathsep.join((str(plugin), stacks[1].environment["PATH"]))
    stacks[1].environment = {**stacks[1].environment, "PATH": path}
    stacks[1].set("palette:native", "true")
    for stack in stacks:
        stack.program(text)
    return stacks
