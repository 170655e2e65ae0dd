"""`palette-backup list`: the locations there are, whose they are, and who uses them."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import click

from palette_backup_provider.cli.help import examples, terms
from palette_backup_provider.cli.scope import Scope, scoped
from palette_backup_provider.cli.table import show
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.resources.palette.storage import KINDS
from palette_backup_provider.resources.palette.storage.base import Storage

COLUMNS = {
    "uid": "what `palette-backup import` and adopt= take",
    "name": "its name in Palette",
    "project": "the project that lists it, by name; null for the tenant",
    "kind": ", ".join(KINDS),
    "bucket": "the bucket, or account/container",
    "region": "the region, where the location has one",
    "owner": "organisation/project/stack/name of the resource that manages it, by its mark; "
    "null where nothing does",
    "created": "when, as Palette tells it; the table has its age",
    "default": "whether it is the default of the project or the tenant",
    "clusters": "the names of the clusters that back up to it",
}
"""What is told of a location, and what it means."""
TABLE = ["age" if column == "created" else column for column in COLUMNS]
OPTIONAL = ("bucket", "owner", "kind", "clusters", "region", "default", "age", "project")
UNKNOWN = "?"
AT_ONCE = 8
HELP = f"""List the backup locations of a project or of the tenant.

The API key is that of $PALETTE_API_KEY, or asked for, or read from standard input.

In a narrow terminal less important columns are left out; names and uids are whole. What is written
into a file or a pipe has every column, with tabs between them, and - for nothing and ? for what
cannot be read. JSON has null for both, and these keys:

{terms(COLUMNS)}
"""


@click.command(
    "list",
    help=HELP,
    epilog=examples(
        "palette-backup list --project Default",
        "palette-backup list --tenant --json",
        "palette-backup list | cut -f 1,2,7        # uid, name and owner",
    ),
)
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
@scoped
def list_(open_scope: Callable[[], Scope], as_json: bool) -> None:
    """As `HELP` says."""
    scope = open_scope()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        rows = list(pool.map(lambda uid: _row(scope, uid), scope.listed))
    rows.sort(key=lambda row: (row["name"], row["uid"]))
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    elif rows:
        now = datetime.now(UTC)
        show(TABLE, [_cells(row, now) for row in rows], OPTIONAL)
    else:
        click.echo("There is no backup location.", err=True)


def _row(scope: Scope, uid: str) -> dict[str, Any]:
    listed = scope.listed[uid]
    metadata, spec = listed["metadata"], listed["spec"]
    storage: Storage | None
    try:
        storage = scope.location(uid).storage
    except ProviderError as error:
        if getattr(error, "status", 404) != 404:
            raise
        storage = None  # a kind not known here, or the tenant's location in a project's list
    return {
        "uid": uid,
        "name": metadata["name"],
        "project": scope.project,
        "kind": spec.get("storage") or spec.get("type"),
        "bucket": storage and _bucket(storage),
        "region": getattr(storage, "region", None),
        "owner": scope.owner(uid),
        "created": metadata.get("creationTimestamp"),
        "default": spec.get("isDefault") or False,
        "clusters": scope.clusters(uid),
    }


def _bucket(storage: Storage) -> str:
    """The bucket, or the account and the container."""
    bucket: str | None = getattr(storage, "bucket", None)
    return bucket or "/".join(part for part in storage.location_key()[:2] if part)


def _cells(row: dict[str, Any], now: datetime) -> dict[str, str]:
    """A row as the table has it; an empty text is nothing."""
    return {
        **{column: row[column] or "" for column in ("uid", "name", "project", "owner")},
        **{column: row[column] or UNKNOWN for column in ("kind", "bucket")},
        "region": row["region"] or ("" if row["bucket"] else UNKNOWN),
        "age": age(row["created"], now),
        "default": "yes" if row["default"] else "",
        "clusters": ",".join(row["clusters"]),
    }


def age(created: Any, now: datetime) -> str:
    """How long ago that was, in whole days, else hours, else minutes."""
    try:
        seconds = max((now - datetime.fromisoformat(created)).total_seconds(), 0)
    except (TypeError, ValueError):
        return UNKNOWN
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= length:
            return f"{seconds // length:.0f}{unit}"
    return f"{seconds:.0f}s"
