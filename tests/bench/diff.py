"""What `palette-backup diff` costs, its start included."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.report import Row
from tests.bench.world import World
from tests.unit.review import by_plugin
from tests.unit.review.golden import FOLDER

LOCATIONS = 1_000
GOAL = 1.5
"""Seconds at most."""
RUNS = 3
PREVIEWS = {"first-run": "made", "rotation-due": "of which each rotates", "removal": "deleted"}
WAYS: dict[str, Callable[[str], str]] = {"": str, ", by the plugin": by_plugin.digest}
COMMAND = "from palette_backup_provider.cli import main; main()"


def showing(world: World | None = None) -> Iterator[Row]:
    """The fastest of several runs, by the processor's time, as a machine may be busy."""
    with TemporaryDirectory() as folder:
        for (name, what), (way, digest) in product(PREVIEWS.items(), WAYS.items()):
            file = Path(folder, "preview.json")
            one = json.loads(digest((FOLDER / f"{name}.json").read_text()))
            file.write_text(json.dumps(_many(one)))
            seconds = min(_seconds(file) for _ in range(RUNS))
            size = f"{file.stat().st_size / 1e6:.0f} MB"
            yield Row(
                f"diff of {LOCATIONS} locations {what}{way} ({size}), CPU time",
                f"{seconds:.2f} s",
                f"at most {GOAL} s",
                seconds <= GOAL,
            )


def _many(preview: dict[str, Any]) -> dict[str, Any]:
    """The same of that many locations, each step as long as the engine prints it."""
    own = [step for step in preview["steps"] if "BackupLocation" in step["urn"]]
    text, trace = json.dumps(own), [{"sourcePosition": "x" * 100}] * 20
    steps = [s for s in preview["steps"] if s not in own]
    for number in range(LOCATIONS):
        for step in json.loads(text.replace("nightly", f"n{number:04}")):
            steps.append({**step, "stackTrace": trace})
    return {**preview, "steps": steps}


def _seconds(file: Path) -> float:
    before = os.times()
    command = [sys.executable, "-c", COMMAND, "diff", str(file)]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    return (
        after.children_user - before.children_user + after.children_system - before.children_system
    )
