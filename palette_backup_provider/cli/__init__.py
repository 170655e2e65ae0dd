"""The `palette-backup` command. One module a subcommand; this one is the entry point."""

from importlib import import_module

import click

from palette_backup_provider.cli.help import HELP, examples

COMMANDS = {
    "diff": "diff:diff",
    "doctor": "doctor:doctor",
    "fleet": "fleet:fleet",
    "import": "import_:import_",
    "list": "list:list_",
    "sandbox": "sandbox:sandbox",
}
"""Each subcommand, and where it is: its module and its name there."""


class Commands(click.Group):
    """Imports a subcommand when it is asked for, as most of them import Pulumi."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), attribute)
        return command


@click.group(
    cls=Commands,
    context_settings=HELP,
    epilog=examples(
        "palette-backup doctor",
        "palette-backup list --project Default",
        "palette-backup import --all > __main__.py",
        "pulumi preview --json | palette-backup diff",
        "palette-backup sandbox start",
    ),
)
@click.version_option(package_name="palette-backup-provider", prog_name="palette-backup")
def main() -> None:
    """Backup locations in Spectro Cloud Palette, with all that they need."""
