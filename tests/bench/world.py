"""Where the bench measures: a sandbox at Palette's documented limit, and stacks on an engine."""

import resource
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from unittest import mock

from palette_backup_provider.sandbox.cloud import clouds
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.command import Run
from tests.sandbox.control import Control
from tests.sandbox.native.yaml_stack import YamlStack
from tests.sandbox.stack import PASSPHRASE, Stack, settings

EMPTY = "import pulumi\n"
DYNAMIC = "pulumi.dynamic"
"""What the command line of Pulumi's process for dynamic providers has."""
LIMIT = {"enabled": True, "rate": 10, "burst": 50, "latency_ms": 100}


@dataclass(frozen=True)
class Cost:
    """What one command took."""

    seconds: float
    cpu: float
    """Seconds that processors worked for it: what stays the same on a busy machine."""
    calls: Counter[str]
    """Calls that reached Palette, by method and path."""
    refused: int
    """Calls that Palette answered with 429."""
    between: float
    """Seconds from the first call that Palette let through to the last."""

    def __str__(self) -> str:
        refused = f"{self.refused} x 429" if self.refused else "no 429"
        return f"{self.seconds:.1f} s ({self.cpu:.1f} s CPU), {refused}"

    def within(self, seconds: float) -> bool:
        """Whether it took no longer and met no refusal."""
        return self.seconds <= seconds and not self.refused


def least(costs: Iterable[Cost]) -> Cost:
    """The run that was over first, with the least CPU time, and the most refusals, of all."""
    every = list(costs)
    first = min(every, key=lambda cost: cost.seconds)
    cpu, refused = min(cost.cpu for cost in every), max(cost.refused for cost in every)
    return replace(first, cpu=cpu, refused=refused)


class World:
    """A running sandbox, and the stacks that were made on it."""

    def __init__(self, sandbox: Sandbox, engine: Path, folder: Path, size: int) -> None:
        self.sandbox, self.size = sandbox, size
        self.control = Control(sandbox)
        self._folder = folder
        self._environment = settings(sandbox, engine, folder / "pulumi")
        self._stacks = 0
        self._times: list[float] = []

    @contextmanager
    def timing(self) -> Iterator[None]:
        """Notes when Palette is called."""
        count = self.sandbox.conditions.count

        def noted(service: str, call: str) -> None:
            if service == "palette":
                self._times.append(time.perf_counter())
            count(service, call)

        with mock.patch.object(self.sandbox.conditions, "count", noted):
            yield

    def begin(self, **limit: Any) -> None:
        """As at the start, with the limit on."""
        self.control.post("reset")
        self.control.post("knobs", {"location_limit": 30 * self.size + 100})
        self.rest(**limit)

    def rest(self, **limit: Any) -> None:
        """Let Palette forget the calls so far, as it does in five seconds."""
        self.control.post("limit", {**LIMIT, **limit})

    def stack(self) -> Stack:
        """A new stack."""
        name = self._name()
        return Stack(self._folder / name, self._environment, project=name)

    def stack_in_yaml(self) -> YamlStack:
        """A new stack for a program in YAML, which the plugin serves."""
        return YamlStack.hosted(self._folder / self._name(), self._environment, PASSPHRASE)

    def _name(self) -> str:
        self._stacks += 1
        return f"bench-{self._stacks}"

    def empty(self) -> Stack:
        """A stack whose program makes nothing."""
        stack = self.stack()
        stack.write(EMPTY)
        return stack

    def cost(self, run: Callable[[], Run]) -> Cost:
        """Run once."""
        before = self.control.get("calls")
        self._times.clear()
        started, worked = time.perf_counter(), _cpu()
        run()
        seconds, cpu = time.perf_counter() - started, _cpu() - worked
        after = self.control.get("calls")
        calls = Counter(after["palette"]) - Counter(before["palette"])
        between = max(self._times, default=0) - min(self._times, default=0)
        return Cost(seconds, cpu, calls, after["rejected"] - before["rejected"], between)

    def best(self, run: Callable[[], Run]) -> Cost:
        """The least of three runs of what changes nothing."""
        return least(self.rested(run) for _ in range(3))

    def rested(self, run: Callable[[], Run]) -> Cost:
        """Run once, when Palette has forgotten the calls before."""
        self.rest()
        return self.cost(run)

    def provider_memory(self, command: str = DYNAMIC) -> "PeakMemory":
        """Watches the provider processes of our stacks that have this in their command line."""
        ours = f"PULUMI_HOME={self._environment['PULUMI_HOME']}"
        return PeakMemory(ours.encode(), command)


class PeakMemory:
    """The peak memory of the provider processes that start while it watches; Linux only."""

    def __init__(self, ours: bytes, command: str = DYNAMIC) -> None:
        self._command, self._ours = command.encode(), ours
        """A line of the environment that tells our processes from other people's."""
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.megabytes = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.2):
            self.megabytes = max([self.megabytes, *self._peaks()])

    def _peaks(self) -> Iterator[float]:
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it ended, or is another user's
                if self._command not in (process / "cmdline").read_bytes():
                    continue
                if self._ours in (process / "environ").read_bytes().split(b"\0"):
                    status = (process / "status").read_text().splitlines()
                    yield from (int(s.split()[1]) / 1024 for s in status if s.startswith("VmHWM"))


def _cpu() -> float:
    """What the processes that we started and that have ended took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def running(engine: Path, folder: Path, size: int) -> Iterator[World]:
    """A world for the time of the bench."""
    with Sandbox(clouds()) as sandbox:
        world = World(sandbox, engine, folder, size)
        with world.timing():
            yield world
