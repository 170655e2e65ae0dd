"""What was found, for a person or for another program."""

import json
from collections.abc import Iterable, Sequence
from itertools import groupby

import click

from palette_backup_provider.doctor.case import Case
from palette_backup_provider.doctor.check import Outcome, Verdict
from palette_backup_provider.doctor.checks import AREAS

SIGNS = {
    Verdict.GOOD: ("✔", "green"),
    Verdict.WARNING: ("!", "yellow"),
    Verdict.FAULT: ("✘", "red"),
    Verdict.SKIPPED: ("–", "bright_black"),
}
PLAIN = {"✔": "ok", "✘": "X", "–": "-", "→": "->", "…": "..."}
"""What stands for a sign where the output's encoding does not have it."""


def text(case: Case, outcomes: Sequence[Outcome], encoding: str) -> str:
    """A section for each area, a line for each finding, and what it comes to."""
    lines = [heading(case)]
    for area, of_area in groupby(outcomes, key=lambda outcome: outcome.check.area):
        lines += [AREAS[area], *_lines(list(of_area))]
    report = "\n".join([*lines, _sum(outcomes)])
    try:
        report.encode(encoding)
    except UnicodeEncodeError:
        for sign, plain in PLAIN.items():
            report = report.replace(sign, plain)
    return report


def as_json(case: Case, outcomes: Iterable[Outcome]) -> str:
    """An object with the settings' origin, and a finding for each line of the text."""
    stack = case.stack
    findings = [
        {
            "id": outcome.check.id,
            "thing": outcome.thing or None,
            "verdict": outcome.verdict.value,
            "text": outcome.finding.text,
            "fix": outcome.fix or None,
        }
        for outcome in outcomes
    ]
    return json.dumps({"stack": stack and stack.name, "findings": findings}, indent=2)


def heading(case: Case) -> str:
    """Where the settings come from."""
    stack = case.stack
    if stack is None:
        return "Settings of the environment"
    environments = [f"environment {name}" for name in stack.environments]
    return f"Settings of stack {stack.name} ({', '.join([stack.file, *environments])})"


def _lines(outcomes: Sequence[Outcome]) -> Iterable[str]:
    width = max(len(outcome.check.key) for outcome in outcomes)
    for outcome in outcomes:
        sign, colour = SIGNS[outcome.verdict]
        text = outcome.finding.text
        text = f"skipped: {text}" if outcome.verdict is Verdict.SKIPPED else text
        text = f"{outcome.thing}: {text}" if outcome.thing else text
        fix = f" → {outcome.fix}" if outcome.fix else ""
        yield f"  {click.style(sign, fg=colour)} {outcome.check.key.ljust(width)}  {text}{fix}"


def _sum(outcomes: Sequence[Outcome]) -> str:
    counts = {
        "red": Verdict.FAULT,
        "yellow": Verdict.WARNING,
        "skipped": Verdict.SKIPPED,
        "green": Verdict.GOOD,
    }
    parts = (
        (sum(outcome.verdict is verdict for outcome in outcomes), name)
        for name, verdict in counts.items()
    )
    return ", ".join(f"{count} {name}" for count, name in parts if count)
