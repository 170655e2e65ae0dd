"""Whole components: whatever the first of them makes, and its location."""

from collections.abc import Iterator

from tests.bench.adapters import both
from tests.bench.report import Row
from tests.bench.world import World
from tests.sandbox.components import ANY
from tests.sandbox.native.interrupted import interrupted
from tests.sandbox.stack import Stack

SLICE = {1: (3.4, 3.1, 2.7), 20: (6.1, 3.1, 4.3)}
"""Seconds for up, unchanged preview and destroy, by the number of components: what an early slice
of the provider took on 2 cores."""

UNANSWERED = 5
"""Seconds after which the engine ends a program in Python: the call that it waits for in Pulumi's
SDK is not answered."""
IN_YAML = f"""\
resources:
  nightly: {{type: "palette-backup:index:{ANY.name}", properties: {{{ANY.must_in_yaml}}}}}
"""


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


def stopping(world: World) -> Iterator[Row]:
    """Ctrl-C in a wait, by the plugin: the time until the command is over, and what goes on."""
    _, in_python = both(world, ANY.minimal(name="nightly"))
    in_yaml = world.stack_in_yaml()
    in_yaml.program(IN_YAML)
    for stack, language, goal in (in_yaml, "YAML", 1), (in_python, "Python", 1 + UNANSWERED):
        world.begin(latency_ms=0)
        world.control.post("delay", {"seconds": 60})
        seconds, _ = interrupted(stack, "waiting for")
        world.control.post("delay", {"seconds": 0})
        kept, pending = _ids(stack), len(stack.state().get("pending_operations") or ())
        stack.up()
        ANY.works(world.control, ANY.inspector(world.sandbox.env))
        lost = len(kept - _ids(stack)) + pending
        yield Row(
            f"Ctrl-C in a wait of 60 s, program in {language}",
            f"{seconds:.1f} s, {len(kept)} kept, {lost} lost",
            f"at most {goal} s, 0 lost",
            seconds <= goal and not lost,
        )
        stack.destroy()


def tagging(world: World) -> Iterator[Row]:
    """A changed tag is one update, and nothing that depends on the resource."""
    world.begin(latency_ms=0)
    shown = []
    for stack in both(world, ANY.program):
        stack.up()
        stack.set("team", "platform")
        shown.append(len(stack.steps()))
        stack.destroy()
    what = "updates in the preview of a changed tag, dynamic : native"
    yield Row(what, "{} : {}".format(*shown), "native 1", shown[1] == 1)


def _ids(stack: Stack) -> set[str]:
    return {one["id"] for one in stack.state()["resources"] if one.get("custom")}
