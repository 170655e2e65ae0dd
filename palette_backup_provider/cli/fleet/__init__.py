"""`palette-backup fleet`: an inventory of many locations, judged without a network."""

import click

from palette_backup_provider.cli.fleet.check import check
from palette_backup_provider.cli.fleet.schema import schema
from palette_backup_provider.cli.help import examples


@click.group(
    epilog=examples(
        "palette-backup fleet check",
        "palette-backup fleet schema > fleet.schema.json",
    )
)
def fleet() -> None:
    """Inventories of many locations, for `palette_backup_provider.fleet`."""


for command in (check, schema):
    fleet.add_command(command)
