"""The package itself: what importing and installing it costs."""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

import palette_backup_provider
from tests.bench.report import Row
from tests.bench.world import World

NAME = "palette-backup-provider"
TIMER = "import time; t = time.process_time(); import {}; print(time.process_time() - t)"
BYTES = 1_000_000


def importing(world: World) -> Iterator[Row]:
    """The fastest of several runs, by the processor's time: a busy machine blurs all other time."""
    modules = ("pulumi", palette_backup_provider.__name__)
    runs = [[_seconds(module) for module in modules] for _ in range(7)]
    pulumi, ours = map(min, zip(*runs, strict=True))
    yield Row(
        f"import {palette_backup_provider.__name__}, CPU time",
        f"{ours:.2f} s, {ours / pulumi:.2f} x",
        f"at most 1.6 x `import pulumi` ({pulumi:.2f} s)",
        ours <= 1.6 * pulumi,
    )


def _seconds(module: str) -> float:
    command = [sys.executable, "-c", TIMER.format(module)]
    return float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def installing(world: World) -> Iterator[Row]:
    """The files, compiled ones too, of the package and all it requires without extras."""
    folder = Path(palette_backup_provider.__file__).parent
    own = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    sizes = {name: _size(name) for name in _required()}
    total = (own + sum(sizes.values())) / BYTES
    largest = sorted(sizes, key=lambda name: -sizes[name])[:3]
    parts = ", ".join(f"{name} {sizes[name] / BYTES:.0f}" for name in largest)
    yield Row("install without extras", f"{total:.0f} MB ({parts})", "at most 80 MB", total <= 80)


def _required() -> set[str]:
    """The distributions that an installation without extras brings along, by name."""
    found: set[str] = set()
    open_ = [(NAME, frozenset[str]())]
    while open_:
        name, extras = open_.pop()
        for line in distribution(name).requires or []:
            needed = Requirement(line)
            wanted = needed.marker is None or any(
                needed.marker.evaluate({"extra": extra}) for extra in {"", *extras}
            )
            plain = re.sub(r"[-_.]+", "-", needed.name).lower()
            if wanted and plain not in found:
                found.add(plain)
                open_.append((plain, frozenset(needed.extras)))
    return found


def _size(name: str) -> int:
    files = [Path(str(file.locate())) for file in distribution(name).files or []]
    return sum(file.stat().st_size for file in files if file.is_file())
