"""`palette-backup fleet schema`: what editors complete and check inventories with."""

import json

import click

from palette_backup_provider.cli.help import examples
from palette_backup_provider.fleet.schema import inventory


@click.command(epilog=examples("palette-backup fleet schema > fleet.schema.json"))
def schema() -> None:
    """Print the JSON schema of inventories.

    Editors with a YAML language server read it where the first line of the inventory is
    `# yaml-language-server: $schema=fleet.schema.json`.
    """
    click.echo(json.dumps(inventory().model_json_schema(), indent=2))
