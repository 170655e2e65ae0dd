"""`palette-backup sandbox delay|limit|knobs|cluster|reset`: how the sandbox behaves from now on."""

from typing import Any

import click

from palette_backup_provider.cli.help import examples
from palette_backup_provider.cli.sandbox.options import made, options
from palette_backup_provider.cli.sandbox.running import Running, running
from palette_backup_provider.sandbox.palette.options import PaletteOptions
from palette_backup_provider.sandbox.proxy.conditions import Delay
from palette_backup_provider.sandbox.proxy.rate_limit import Limit


@click.command(epilog=examples("palette-backup sandbox delay 15", "palette-backup sandbox delay 0"))
@click.argument("seconds", type=float)
@running
def delay(sandbox: Running, seconds: float) -> None:
    """Have clouds refuse credentials younger than SECONDS.

    Real clouds take a while to know a new credential, too.
    """
    sandbox.post("delay", made(Delay, {"seconds": seconds}).model_dump())
    click.echo(f"A fresh credential is unknown for {seconds:g} s.")


@click.command(
    epilog=examples(
        "palette-backup sandbox limit --rate 2 --burst 5",
        "palette-backup sandbox limit --no-enabled --latency-ms 200",
        "palette-backup sandbox limit",
    )
)
@options(Limit)
@running
def limit(sandbox: Running, given: dict[str, Any]) -> None:
    """Set Palette's rate limit. What is not given is as Palette documents it."""
    sandbox.post("limit", made(Limit, given).model_dump())
    click.echo("The limit holds from now on.")


@click.command(
    epilog=examples(
        "palette-backup sandbox knobs --mask empty --in-use reject",
        "palette-backup sandbox knobs --duplicate-name none",
        "palette-backup sandbox knobs",
    )
)
@options(PaletteOptions)
@running
def knobs(sandbox: Running, given: dict[str, Any]) -> None:
    """Choose what Palette does where public sources leave it open.

    What is not given is as at the start.
    """
    sandbox.post("knobs", made(PaletteOptions, given).model_dump())
    click.echo("Palette does so from now on.")


@click.command(
    epilog=examples(
        "palette-backup sandbox cluster UID prod-1 prod-2",
        "palette-backup sandbox cluster UID               # none any more",
    )
)
@click.argument("location", metavar="UID")
@click.argument("names", nargs=-1, metavar="[CLUSTER]...")
@running
def cluster(sandbox: Running, location: str, names: tuple[str, ...]) -> None:
    """Have these clusters back up to the location UID.

    No others do from then on. `palette-backup list` tells the uids of locations.
    """
    clusters = [{"name": name, "uid": name} for name in names]
    sandbox.post("clusters", {"uid": location, "clusters": clusters})
    click.echo(f"Clusters that back up to {location}: {', '.join(names) or 'none'}.")


@click.command(epilog=examples("palette-backup sandbox reset"))
@running
def reset(sandbox: Running) -> None:
    """Have everything as at the start.

    Nothing is stored or counted, no fault is planned, nothing is delayed.
    """
    sandbox.post("reset")
    click.echo("Everything is as at the start.")
