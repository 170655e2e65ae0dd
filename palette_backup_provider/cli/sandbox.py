"""`palette-backup sandbox`: Palette and clouds to try things on."""

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from palette_backup_provider.core.errors import MissingExtra, ProviderError

if TYPE_CHECKING:
    from palette_backup_provider.sandbox.run import Sandbox


@click.command()
@click.option(
    "--clouds",
    default="aws",
    show_default=True,
    metavar="NAME,...",
    help="Clouds to run besides Palette.",
)
@click.option(
    "--env",
    "env_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the settings to FILE, as exports for a shell.",
)
def sandbox(clouds: str, env_file: Path | None) -> None:
    """Run a Palette simulator and clouds on this machine until Ctrl-C. Nothing is kept."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        with _sandbox(clouds.split(","), env_file) as running:
            _say_where(running, env_file)
            stopped.wait()
    except ProviderError as error:
        raise click.ClickException(str(error)) from None
    except ModuleNotFoundError as error:
        module = error.name or ""
        if module.startswith("palette_backup_provider"):
            raise
        raise click.ClickException(str(MissingExtra("sandbox", module))) from None


def _sandbox(clouds: list[str], env_file: Path | None) -> "Sandbox":
    from palette_backup_provider.sandbox.run import Sandbox

    return Sandbox([cloud.strip() for cloud in clouds], env_file)


def _say_where(sandbox: "Sandbox", env_file: Path | None) -> None:
    from rich.console import Console
    from rich.table import Table

    places = Table.grid(padding=(0, 2))
    places.add_row("[bold]Palette[/]", f"{sandbox.url}  (a page for people, and the API)")
    if "aws" in sandbox.clouds:
        places.add_row("[bold]AWS[/]", sandbox.env["AWS_ENDPOINT_URL"])
    if "gcp" in sandbox.clouds:
        places.add_row("[bold]Google Cloud[/]", sandbox.env["GOOGLE_STORAGE_CUSTOM_ENDPOINT"])
    if "azure" in sandbox.clouds:
        places.add_row("[bold]Azure[/]", f"https://{sandbox.env['ARM_METADATA_HOSTNAME']}")
    if "minio" in sandbox.clouds:
        places.add_row("[bold]MinIO[/]", sandbox.env["MINIO_ENDPOINT"])
    if env_file:
        places.add_row("[bold]Settings[/]", f"{env_file}  (use them with: . {env_file})")
    console = Console(soft_wrap=True, highlight=False)
    console.print(places)
    console.print("Running. Stop with Ctrl-C; nothing is kept.")
