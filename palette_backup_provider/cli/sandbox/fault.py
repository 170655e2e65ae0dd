"""`palette-backup sandbox fault`: what goes wrong next, and when."""

from typing import Any

import click

from palette_backup_provider.cli.help import examples, terms
from palette_backup_provider.cli.sandbox.options import made, options
from palette_backup_provider.cli.sandbox.running import Running, running
from palette_backup_provider.sandbox.cloud import clouds
from palette_backup_provider.sandbox.palette.known_errors import ERRORS as PALETTE_ERRORS
from palette_backup_provider.sandbox.proxy.faults import KINDS, Fault

NONE = "none"
OPTIONS_OF = {"status": ("status", "retry_after"), "error": ("error",)}
"""The options that go with a fault alone."""
ERRORS = {
    service: ", ".join(sorted(errors))
    for of_cloud in ({"palette": PALETTE_ERRORS}, *(cloud.errors for cloud in clouds().values()))
    for service, errors in of_cloud.items()
}
"""The codes of the errors that each service has."""
HELP = f"""Have calls go wrong, once or several times.

The fault waits for its call, strikes, and is spent. It takes the place of the one before. KIND is
one of:

{terms({**KINDS, NONE: "nothing goes wrong any more, and what is held goes on"})}

The errors of each service, as it words them itself:

{terms(ERRORS)}
"""


@click.command(
    help=HELP,
    epilog=examples(
        "palette-backup sandbox fault status --status 429 --retry-after 3 --times 2",
        "palette-backup sandbox fault error --error OperationForbidden --service palette --times 9",
        "palette-backup sandbox fault reset --service palette --when after",
        "palette-backup sandbox fault stop --call 'POST /v1/users/assets/locations/s3'",
        "palette-backup sandbox fault none",
    ),
)
@click.argument("kind", metavar="KIND", type=click.Choice([*KINDS, NONE]))
@options(Fault)
@running
def fault(sandbox: Running, kind: str, given: dict[str, Any]) -> None:
    """As `HELP` says."""
    if kind == NONE:
        if given:
            raise click.UsageError("`none` takes no options.")
        sandbox.post("faults", [])
        click.echo("No fault is planned any more.")
        return
    for other, names in OPTIONS_OF.items():
        if kind != other and any(name in given for name in names):
            flags = " and ".join(f"--{name.replace('_', '-')}" for name in names)
            raise click.UsageError(f"{flags} {'go' if names[1:] else 'goes'} with `{other}` alone.")
    if kind == "error" and "error" not in given:
        raise click.UsageError("Name the error with --error; -h lists them.")
    planned = made(Fault, {"fault": kind, **given})
    sandbox.post("faults", [planned.model_dump()])
    click.echo(f"Planned. `palette-backup sandbox fault {NONE}` takes it back.")
