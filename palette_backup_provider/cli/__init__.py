"""The `palette-backup` command. One module a subcommand; this one is the entry point."""

import click

from palette_backup_provider.cli.import_ import import_
from palette_backup_provider.cli.list import list_
from palette_backup_provider.cli.sandbox import sandbox


@click.group()
@click.version_option(package_name="palette-backup-provider", prog_name="palette-backup")
def main() -> None:
    """Backup locations in Spectro Cloud Palette, with all that they need."""


for command in (import_, list_, sandbox):
    main.add_command(command)
