"""What the bench prints: one row for each thing measured, and what it was measured on."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rich.table import Column, Table


@dataclass(frozen=True)
class Row:
    """One thing measured."""

    what: str
    measured: str
    goal: str
    holds: bool
    terraform: str = ""
    """What Spectro Cloud's Terraform provider took where the peers were measured."""
    bridged: str = ""
    """The same provider bridged into Pulumi."""


def table(rows: Sequence[Row]) -> Table:
    """The rows with their verdicts."""
    titles = ("what", "measured", "goal", "Terraform", "Pulumi, bridged", "verdict")
    found = Table(*(Column(title, overflow="fold") for title in titles), show_lines=True)
    for row in rows:
        verdict = "[green]holds[/]" if row.holds else "[red]missed[/]"
        found.add_row(row.what, row.measured, row.goal, row.terraform, row.bridged, verdict)
    return found


def machine(engine_version: str) -> str:
    """What the numbers depend on."""
    cores, load = os.cpu_count(), os.getloadavg()[2]
    return (
        f"{cores} cores, {_cpu()}, load {load:.1f} in the last 15 minutes; {platform.system()}; "
        f"Python {platform.python_version()}; Pulumi {engine_version}, SDK {version('pulumi')}"
    )


def _cpu() -> str:
    told = Path("/proc/cpuinfo")  # Linux; elsewhere Python knows
    lines = told.read_text().splitlines() if told.exists() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor())
