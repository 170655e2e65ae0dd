"""Both adapters, one after the other in one run: the same program, and a setting apart."""

import os
from collections.abc import Callable, Iterator

from tests.bench.locations import bring, program
from tests.bench.report import Row
from tests.bench.world import Cost, World
from tests.sandbox.command import Run
from tests.sandbox.native.yaml_stack import install
from tests.sandbox.stack import Stack

SLOW = {"latency_ms": 3000}
SLOWLY = 24
"""Creates of three seconds a call: four at a time, or as many as the engine asks for."""


def side_by_side(world: World) -> Iterator[Row]:
    """Create, look, refresh and destroy, dynamic : native; previews are the best of three."""
    steps: dict[str, Callable[[Stack], Cost]] = {
        "create": lambda stack: _rested(world, stack.up),
        "preview, unchanged (best of 3)": lambda stack: world.best(stack.preview),
        "preview --refresh (best of 3)": lambda stack: world.best(
            lambda: stack.preview("--refresh")
        ),
        "destroy": lambda stack: _rested(world, stack.destroy),
    }
    world.begin()
    bring(world.sandbox.env)
    stacks = _stacks(world, world.size)
    for what, step in steps.items():
        dynamic, native = map(step, stacks)
        least = native.cpu <= dynamic.cpu and native.within(dynamic.seconds)
        shown = f"{dynamic} : {native}"
        yield Row(f"{what} of {world.size}, dynamic : native", shown, "native at most 1.0 x", least)


def slow_creates(world: World) -> Iterator[Row]:
    """How many creates go on at a time."""
    world.begin(**SLOW)
    bring(world.sandbox.env)
    dynamic, native = (world.cost(stack.up) for stack in _stacks(world, SLOWLY))
    what = f"{SLOWLY} creates of 3 s a call, dynamic : native"
    shown = f"{dynamic.seconds:.1f} s : {native.seconds:.1f} s"
    yield Row(what, shown, "native at most 0.7 x", native.seconds <= 0.7 * dynamic.seconds)


def _rested(world: World, run: Callable[[], Run]) -> Cost:
    world.rest()
    return world.cost(run)


def _stacks(world: World, size: int) -> list[Stack]:
    """One stack for each adapter."""
    stacks = [world.stack(), world.stack()]
    plugin = install(stacks[1].folder / "plugin")
    path = os.pathsep.join((str(plugin), stacks[1].environment["PATH"]))
    stacks[1].environment = {**stacks[1].environment, "PATH": path}
    stacks[1].set("palette:native", "true")
    for stack in stacks:
        stack.program(program(size, proven=False))
    return stacks
