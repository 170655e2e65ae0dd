"""`palette-backup list`: the locations there are, and who uses them."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import click

from palette_backup_provider.cli.scope import Scope, scoped
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.resources.palette.storage import Storage

COLUMNS = ("uid", "name", "kind", "bucket", "default", "clusters")
AT_ONCE = 8
WIDE = 1000
"""Characters of a line that another program reads: each location is on one."""


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
@scoped
def list_(open_scope: Callable[[], Scope], as_json: bool) -> None:
    """List the backup locations of a project or of the tenant.

    The API key is that of $PALETTE_API_KEY, or asked for, or read from standard input.
    """
    scope = open_scope()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        rows = list(pool.map(lambda uid: _row(scope, uid), scope.listed))
    rows.sort(key=lambda row: (row["name"], row["uid"]))
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        _show(rows)


def _row(scope: Scope, uid: str) -> dict[str, Any]:
    listed = scope.listed[uid]
    spec = listed["spec"]
    try:
        bucket = _bucket(scope.location(uid).storage)
    except ProviderError as error:
        if getattr(error, "status", 404) != 404:
            raise
        bucket = None  # a kind not known here, or the tenant's location in a project's list
    return {
        "uid": uid,
        "name": listed["metadata"]["name"],
        "kind": spec.get("storage") or spec.get("type"),
        "bucket": bucket,
        "default": spec.get("isDefault") or False,
        "clusters": scope.clusters(uid),
    }


def _bucket(storage: Storage) -> str:
    """The bucket; in Azure the account and the container."""
    bucket: str | None = getattr(storage, "bucket", None)
    return bucket or "/".join(part for part in storage.place()[:2] if part)


def _show(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        click.echo("There is no backup location.")
        return
    table = Table(box=None, pad_edge=False)
    for column in COLUMNS:
        table.add_column(column.upper(), overflow="fold", no_wrap=column == "uid")
    for row in rows:
        table.add_row(*(Text(_cell(row[column])) for column in COLUMNS))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDE
    console.print(table)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return ", ".join(value) if isinstance(value, list) else value or "?"
