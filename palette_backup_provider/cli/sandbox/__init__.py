"""`palette-backup sandbox`: Palette and clouds to try things on, and to disturb."""

import click

from palette_backup_provider.cli.help import examples
from palette_backup_provider.cli.sandbox.calls import calls, state
from palette_backup_provider.cli.sandbox.fault import fault
from palette_backup_provider.cli.sandbox.page import page
from palette_backup_provider.cli.sandbox.start import start
from palette_backup_provider.cli.sandbox.world import cluster, delay, knobs, limit, reset


@click.group(
    epilog=examples(
        "palette-backup sandbox start",
        "palette-backup sandbox fault status --service palette   # in another shell",
        "palette-backup sandbox reset",
    )
)
def sandbox() -> None:
    """Palette and clouds on this machine, to try programs on.

    `start` runs them until Ctrl-C; all the others disturb the sandbox that runs, or look into it.
    """


for command in (start, fault, delay, limit, knobs, cluster, reset, calls, state, page):
    sandbox.add_command(command)
