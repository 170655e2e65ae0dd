"""`palette-backup sandbox page`: the web page that shows the sandbox, and disturbs it."""

import click

from palette_backup_provider.cli.help import examples
from palette_backup_provider.cli.sandbox.running import Running, running


@click.command(epilog=examples("palette-backup sandbox page"))
@running
def page(sandbox: Running) -> None:
    """Print the address of the page that shows the sandbox live.

    The address ends in the token of the run, which opens the controls of the page. Without the part
    after `#` the page only shows.
    """
    click.echo(sandbox.page)
