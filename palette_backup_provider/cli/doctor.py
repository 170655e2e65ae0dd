"""`palette-backup doctor`: what keeps a `pulumi up` from working."""

import io
import os
import sys
import time
from contextlib import redirect_stdout
from difflib import get_close_matches

import click

from palette_backup_provider.cli.help import examples, terms
from palette_backup_provider.doctor.check import Verdict
from palette_backup_provider.doctor.checks import CHECKS, of
from palette_backup_provider.doctor.clouds import BY_WORD
from palette_backup_provider.doctor.examination import examine, with_needs
from palette_backup_provider.doctor.opening import opened
from palette_backup_provider.doctor.report import as_json, text

PAGE = "docs/doctor.md"
CODES = {
    "0": "nothing is red; with --strict, nothing is yellow either",
    "1": "something is red, or with --strict yellow",
    "2": "the command is wrong; nothing is asked",
}
SIGNS = {
    "✔": "nothing is to be done",
    "!": "`pulumi up` works, and something is likely to surprise",
    "✘": "`pulumi up` fails, or backups do",
    "–": "was not asked, and why",
}
HELP = f"""Find what keeps `pulumi up`, or backups, from working. Nothing is changed.

Settings are those of the stack that is selected in this folder, ESC environments included, as
`pulumi up` would have them; without a Pulumi.yaml, those of the environment. They are held in
memory alone, and no secret is shown. A credential of a location is tried on its bucket, with an
object that is deleted again.

{terms(SIGNS)}

Each line has an id, which is its area and its key. {PAGE} explains each: what is asked, why it
would not be good, and what to do.

Exit codes:

{terms(CODES)}
"""


@click.command(
    "doctor",
    help=HELP,
    epilog=examples(
        "palette-backup doctor",
        "palette-backup doctor --only palette.key",
        f"palette-backup doctor --no-stack --clouds {','.join([*BY_WORD][:2])}",
        "palette-backup doctor --strict --json",
    ),
)
@click.option(
    "--clouds",
    metavar="NAME,…",
    callback=lambda _, __, value: _clouds(value),
    help=f"Of {', '.join(BY_WORD)}. Default: those of the stack's resources, else of settings, "
    "else of installed extras.",
)
@click.option("--stack", metavar="NAME", help="Another stack than the one that is selected.")
@click.option("--no-stack", is_flag=True, help="Settings of the environment alone.")
@click.option("--project", metavar="NAME", help="Palette project.  [palette:project]")
@click.option("--tenant", is_flag=True, help="The tenant's locations, not a project's.")
@click.option(
    "--location",
    "locations",
    multiple=True,
    metavar="NAME|UID",
    help="Ask about this location alone; may be repeated.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="ID",
    callback=lambda _, __, value: _ids(value),
    help="Tell of this check alone, such as palette.key; may be repeated.",
)
@click.option("--json", "in_json", is_flag=True, help="JSON instead of text.")
@click.option("--strict", is_flag=True, help="Yellow is as bad as red.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=1, max=60),
    default=5,
    show_default=True,
    help="Seconds that one check may take. All together take three times as long at most.",
)
def doctor(
    clouds: tuple[str, ...],
    stack: str | None,
    no_stack: bool,
    project: str | None,
    tenant: bool,
    locations: tuple[str, ...],
    only: tuple[str, ...],
    in_json: bool,
    strict: bool,
    timeout: float,
) -> None:
    """As `HELP` says."""
    if stack and no_stack:
        raise click.UsageError("--stack and --no-stack exclude each other. Leave one out.")
    if project and tenant:
        raise click.UsageError("--tenant and --project exclude each other. Leave one out.")
    begun = time.monotonic()
    with redirect_stdout(io.StringIO()):  # what a run would say meanwhile is none of the report
        case = opened(stack, with_stack=not no_stack, timeout=timeout)
        case.begun, case.clouds = begun, clouds or case.clouds
        case.project, case.tenant, case.locations = project, tenant, locations
        checks = with_needs(only, CHECKS) if only else of(case.clouds)
        outcomes = examine(case, checks)
    shown = [
        outcome for outcome in outcomes if not only or outcome.check.id in only or outcome.is_bad
    ]
    output = as_json(case, shown) if in_json else text(case, shown, sys.stdout.encoding)
    click.echo(output, color=False if os.environ.get("NO_COLOR") else None)
    worst = {Verdict.FAULT, Verdict.WARNING} if strict else {Verdict.FAULT}
    sys.exit(int(any(outcome.verdict in worst for outcome in shown)))


def _clouds(value: str | None) -> tuple[str, ...]:
    words = tuple(part.strip() for part in (value or "").split(",") if part.strip())
    for word in words:
        if word not in BY_WORD:
            raise click.BadParameter(f"{word!r} is none of {', '.join(BY_WORD)}.")
    return words


def _ids(value: tuple[str, ...]) -> tuple[str, ...]:
    known = [check.id for check in CHECKS]
    for id in value:
        if id not in known:
            near = get_close_matches(id, known) or known
            raise click.BadParameter(f"there is no check {id!r}. Is it {', '.join(near)}?")
    return value
