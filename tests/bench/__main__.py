"""Runs every measurement, then prints the table: `python -m tests.bench [N]`, N locations."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.sandbox.tools.go_program import find
from palette_backup_provider.sandbox.tools.pulumi import find_engine
from tests.bench import adapters, components, diff, locations, package, redaction, waiting
from tests.bench.report import Row, machine, table
from tests.bench.world import World, running
from tests.clouds import in_some_folders
from tests.unit.sandbox import __name__ as SANDBOX

MEASUREMENTS: tuple[Callable[[World], Iterator[Row]], ...] = (
    package.importing,
    package.installing,
    redaction.clearing,
    diff.showing,
    locations.as_peers_do,
    locations.proven,
    adapters.side_by_side,
    adapters.slow_creates,
    adapters.at_the_limit,
    waiting.waiting,
    components.whole,
    components.stopping,
    components.tagging,
)
CAPTION = (
    "Palette at its documented limit (10 calls a second for each prefix, 50 at once) and 100 ms a "
    "call, but for the components. Peers: "
    + ", ".join(each.MEASURED for each in in_some_folders(__package__, "peers").values())
    + "."
)


def main() -> None:
    """Exits with 1 if something could not be measured, whatever the numbers are."""
    # a shell has what it starts in the background ignore interrupts, and so would all that we start
    signal.signal(signal.SIGINT, signal.default_int_handler)
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("size", metavar="N", type=int, nargs="?", default=100)
    size = parser.parse_args().size
    # Installed packages have their bytecode: a run that may not keep it would measure the compiler.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 150)
    try:
        engine = find_engine()
        for each in in_some_folders(SANDBOX, "built").values():
            find(each.PROGRAM)
    except ProviderError as error:
        sys.exit(str(error))
    pulumi = subprocess.run([engine / "pulumi", "version"], capture_output=True, text=True)
    rows: list[Row] = []
    failed = False
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        running(engine, Path(folder), size) as world,
    ):
        for measure in MEASUREMENTS:
            try:
                with console.status(f"{measure.__module__}: {measure.__name__}"):
                    rows.extend(measure(world))
            except (AssertionError, OSError, subprocess.SubprocessError) as error:
                failed = True
                console.print(f"{measure.__name__} could not run: {error}", markup=False)
    console.print(table(rows))
    console.print(CAPTION)
    console.print(machine(pulumi.stdout.strip()))
    sys.exit(failed)


if __name__ == "__main__":
    main()
