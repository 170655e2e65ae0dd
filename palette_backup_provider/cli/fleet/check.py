"""`palette-backup fleet check`: what an inventory would declare, or what is wrong with it."""

from collections import Counter
from pathlib import Path

import click

from palette_backup_provider.cli.help import examples
from palette_backup_provider.cli.table import show
from palette_backup_provider.fleet.document import BadInventory
from palette_backup_provider.fleet.inventory import load
from palette_backup_provider.fleet.location import Location

COLUMNS = ("location", "cloud", "identity", "default")
OPTIONAL = ("default", "identity")


@click.command(
    epilog=examples("palette-backup fleet check", "palette-backup fleet check fleet.yaml")
)
@click.argument("file", type=click.Path(path_type=Path), default="fleet.yaml")
def check(file: Path) -> None:
    """List what the inventory FILE declares, by default fleet.yaml. It calls nothing.

    A mistake is a line with file, line and column, and the exit code is then 1. Mistakes are what
    is misspelt, missing or of another type, and clouds whose extra is not installed. A name that
    two locations have, where it is unique, and two defaults of one project are mistakes, too.

    `pulumi preview` then tells what Palette and the clouds say of it.
    """
    try:
        locations = load(file).locations
    except BadInventory as error:
        raise click.ClickException(str(error)) from None
    show(COLUMNS, [_row(location) for location in locations], OPTIONAL)
    projects = {location.project for location in locations} - {None}
    counted = Counter(location.cloud.name for location in locations)
    on = ", ".join(f"{name} {number}" for name, number in sorted(counted.items()))
    click.echo(
        f"{_many(len(locations), 'location')} in {_many(len(projects), 'project')}: "
        f"{on or 'no cloud'}. Every name is unique, and no scope has two defaults.",
        err=True,
    )


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _row(location: Location) -> dict[str, str]:
    default = "yes" if location.args.get("is_default") else ""
    return {
        "location": location.name,
        "cloud": location.cloud.name,
        "identity": location.identity or "",
        "default": default,
    }
