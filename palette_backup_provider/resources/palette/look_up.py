"""Looks a location up by its name for a program, as the location is now."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from pulumi import RunError

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.markers import SEED
from palette_backup_provider.core.secrets import printable
from palette_backup_provider.engine.program import run_of_program
from palette_backup_provider.resources.palette.location.scope import scope_uid
from palette_backup_provider.resources.palette.location.state import MARK

MADE_UP = re.compile(f"-[0-9a-f]{{{SEED}}}$")
"""How a name ends that was made from a logical one."""
LISTED = 20


@dataclass(frozen=True)
class FoundLocation:
    """A location as Palette lists it.

    Args:
        uid: What cluster profiles and backup schedules refer to it by.
        name: What Palette and the clusters call it.
        kind: Its storage, as `kind` of `palette.S3` and of each other kind of storage has it.
        is_default: Whether it is the default of its scope.
        project_uid: The project it is in, empty in the tenant's scope.
        labels: Its labels.
        annotations: Its annotations, without our mark.
    """

    uid: str
    name: str
    kind: str
    is_default: bool
    project_uid: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]


def get_backup_location(
    name: str, project: str | None = None, *, scope: Literal["project", "tenant"] = "project"
) -> FoundLocation:
    """The location called `name` in a project (name or uid; default `palette:project`).

    `name` is what Palette shows: a component's output `location_name`, by default its logical name
    and ten hex digits. With scope="tenant", the tenant's. Fails, in preview too, if there is no
    such location or more than one, and says which there are.
    """
    try:
        palette = run_of_program().client(PaletteClient)
        uid = scope_uid(palette, scope, project)
        listed = palette.locations(uid)
    except ProviderError as error:
        raise RunError(f"get_backup_location({name!r}): {error}") from None
    matching = [(u, item) for u, item in listed.items() if item["metadata"]["name"] == name]
    if len(matching) != 1:
        raise RunError(printable(_not_one(name, [u for u, _ in matching], listed)))
    return _found(*matching[0], uid)


def _found(uid: str, item: Any, project_uid: str) -> FoundLocation:
    metadata, spec = item["metadata"], item["spec"]
    notes = metadata.get("annotations") or {}
    return FoundLocation(
        uid=uid,
        name=metadata["name"],
        kind=spec.get("storage") or spec.get("type") or "",
        is_default=spec.get("isDefault") or False,
        project_uid=project_uid,
        labels=metadata.get("labels") or {},
        annotations={k: v for k, v in notes.items() if k != MARK},
    )


def _not_one(name: str, uids: list[str], listed: Mapping[str, Any]) -> str:
    if uids:
        several = f"{len(uids)} locations are called {name!r} ({', '.join(uids)})"
        return f"{several}; use BackupLocation.get with the uid."
    names = sorted(item["metadata"]["name"] for item in listed.values())
    meant = f" Did you mean {' or '.join(near)}?" if (near := _near(name, names)) else ""
    more = f" and {len(names) - LISTED} more" if names[LISTED:] else ""
    listing = ", ".join(names[:LISTED]) or "none"
    return f"Palette has no location {name!r} in this scope.{meant} There are: {listing}{more}."


def _near(name: str, names: Sequence[str]) -> list[str]:
    """Those of `names` that may be meant, the likeliest first."""
    stems: dict[str, list[str]] = {}
    for candidate in names:
        stems.setdefault(_stem(candidate), []).append(candidate)
    return [
        candidate for stem in get_close_matches(_stem(name), stems) for candidate in stems[stem]
    ][:3]


def _stem(name: str) -> str:
    return MADE_UP.sub("", name.lower())
