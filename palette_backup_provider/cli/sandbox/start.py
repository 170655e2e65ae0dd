"""`palette-backup sandbox start`: runs Palette and clouds until it is stopped."""

import shlex
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from palette_backup_provider.cli.help import examples
from palette_backup_provider.cli.sandbox.running import ENV_FILE
from palette_backup_provider.core.errors import MissingExtra, ProviderError
from palette_backup_provider.sandbox.cloud import clouds as every_cloud
from palette_backup_provider.sandbox.cloud import usual

if TYPE_CHECKING:
    from palette_backup_provider.sandbox.run import Sandbox

REAL = " and ".join(cloud.title for cloud in every_cloud().values() if cloud.real)
HELP = f"""Run Palette and clouds until Ctrl-C.

They are simulated on this machine; {REAL} is the real server. Nothing is kept.

The line that it prints has another shell reach the sandbox, and no real cloud and no real
Palette. Use a stack of its own there: what the config of a stack says comes first.
"""


@click.command(
    help=HELP,
    epilog=examples(
        "palette-backup sandbox start",
        f"palette-backup sandbox start --clouds {','.join(every_cloud())}",
        "palette-backup sandbox start --projects Default,team-a,team-b --env ~/sandbox.env",
    ),
)
@click.option(
    "--clouds",
    default=",".join(usual()),
    show_default=True,
    metavar="NAME,...",
    help=f"Clouds to run besides Palette: {', '.join(every_cloud())}.",
)
@click.option(
    "--projects",
    default="Default,team-a",
    show_default=True,
    metavar="NAME,...",
    help="Projects that Palette has. Programs use the first, unless they say another.",
)
@click.option(
    "--env",
    "env_file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=ENV_FILE,
    show_default=True,
    metavar="FILE",
    help="Where to write the settings, as exports for a shell. The file goes as the sandbox stops.",
)
def start(clouds: str, projects: str, env_file: Path) -> None:
    """As `HELP` says."""
    if not (named := _names(projects)):
        raise click.BadParameter("give the name of one project at least", param_hint="--projects")
    stopping = Stopping()
    try:
        with _sandbox(_names(clouds), env_file, named) as running:
            stopping.patiently = True
            _say_where(running, env_file)
            stopping.asked.wait()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except ProviderError as error:
        raise click.ClickException(str(error)) from None
    except ModuleNotFoundError as error:
        module = error.name or ""
        if module.startswith("palette_backup_provider"):
            raise
        raise click.ClickException(str(MissingExtra("sandbox", module))) from None


class Stopping:
    """What Ctrl-C and SIGTERM do. The first one ends a start, which may build a server before; what
    is cleaned up is cleaned up, however often they come."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.patiently = False
        """Whether `asked` is looked at."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._ask())

    def _ask(self) -> None:
        first = not self.asked.is_set()
        self.asked.set()
        if first and not self.patiently:
            raise KeyboardInterrupt


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _sandbox(clouds: list[str], env_file: Path, projects: list[str]) -> "Sandbox":
    from palette_backup_provider.sandbox.run import Sandbox

    return Sandbox(clouds, env_file, projects)


def _say_where(sandbox: "Sandbox", env_file: Path) -> None:
    """Plain lines: one that is folded cannot be copied."""
    places = {"Palette": sandbox.url}
    for name in sandbox.clouds:
        cloud = every_cloud()[name]
        where = sandbox.env[cloud.shown]
        places[cloud.title] = where if "://" in where else f"https://{where}"
    places["Page"] = f"{sandbox.page}  (`palette-backup sandbox page` lets you disturb it there)"
    # whole, as some shells look for a name without a slash on PATH, and others are elsewhere
    places["Use it"] = f". {shlex.quote(str(env_file.absolute()))}"
    places["Disturb it"] = "palette-backup sandbox --help"
    width = max(map(len, places)) + 2
    for name, where in places.items():
        click.echo(click.style(name.ljust(width), bold=True) + where)
    click.echo("Running. Stop with Ctrl-C; nothing is kept.")
