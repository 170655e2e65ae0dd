"""`palette-backup sandbox calls|state`: what was asked of the sandbox, and what Palette holds."""

import json
from typing import Any

import click

from palette_backup_provider.cli.help import examples
from palette_backup_provider.cli.import_ import MASKED
from palette_backup_provider.cli.sandbox.running import Running, running
from palette_backup_provider.cli.table import show

HIDDEN = "**********"


@click.command(
    epilog=examples(
        "palette-backup sandbox calls",
        "palette-backup sandbox calls | grep ^palette",
    )
)
@running
def calls(sandbox: Running) -> None:
    """List the calls so far, as `fault` names them.

    Below it says which services there are, how many calls were over the limit, and how many answers
    a fault holds back right now.
    """
    services = sandbox.get("calls")
    rejected, held = services.pop("rejected"), services.pop("held")
    rows = [
        {"service": service, "times": str(times), "call": call}
        for service, counts in services.items()
        for call, times in sorted(counts.items())
    ]
    show(("service", "times", "call"), rows)
    more = f"{rejected} over the limit, {held} held back."
    click.echo(f"Services: {', '.join(services)}. {more}", err=True)


@click.command(
    epilog=examples(
        "palette-backup sandbox state",
        "palette-backup sandbox state > before.json",
    )
)
@running
def state(sandbox: Running) -> None:
    """Print what Palette stores, as JSON.

    It has every project and the tenant. Secrets are masked.
    """
    click.echo(json.dumps(_masked(sandbox.get("state")), indent=2))


def _masked(value: Any) -> Any:
    if isinstance(value, list):
        return [_masked(each) for each in value]
    if isinstance(value, dict):
        return {k: HIDDEN if k in MASKED else _masked(v) for k, v in value.items()}
    return value
