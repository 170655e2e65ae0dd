"""Adopting an existing location.

The program is compared with Palette, except for the secret, which Palette masks. If both agree, an
adoption writes the mark and the credential, and nothing else. If they differ, the adoption is
refused with every difference, unless the program sets `adopt_overwrite`.
"""

import json
from collections.abc import Iterator
from typing import Any

from palette_backup_provider.core.compare import changes
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.markers import Beside, Secret
from palette_backup_provider.core.model import Model, fields
from palette_backup_provider.core.ownership import PLAIN
from palette_backup_provider.core.secrets import excerpt
from palette_backup_provider.resources.palette.location.state import BackupLocationState


def differing(
    want: BackupLocationState, have: BackupLocationState, mark: str | None
) -> Iterator[str]:
    """A line for each thing that is not as the program says; `mark` is Palette's."""
    yield from _foreign_owner(want, mark)
    yield from _differences(want, have)


def _differences(want: BackupLocationState, have: BackupLocationState) -> Iterator[str]:
    """Each property that differs from the program, with both values. Secrets are not shown."""
    if type(have.storage) is not type(want.storage):
        raise ProviderError(
            f"adopt: the location {have.name} ({want.adopt}) is on {have.storage.kind}, and the "
            f"program says {want.storage.kind}. A location's kind of storage cannot be changed. "
            f"Give the program the storage that Palette has, as `palette-backup import` prints it."
        )
    for change in changes(have, want):
        old, new = _shown(have, change.path), _shown(want, change.path, from_program=True)
        yield f"{change.path}: {new} in the program, {old} in Palette"


def _foreign_owner(want: BackupLocationState, mark: str | None) -> Iterator[str]:
    """A line that names the resource which manages the location already, if there is one."""
    ours = PLAIN.same_resource(want, mark) and PLAIN.same_state(want, mark)
    if mark and not ours:
        holder = PLAIN.holder(want, mark)
        yield f"owner: by its mark {holder} manages it (`pulumi state delete` forgets it there)"


def not_listed_message(want: BackupLocationState) -> str:
    """The message for a location that Palette does not list."""
    where = f"the project {want.project or want.project_uid}" if want.project_uid else "the tenant"
    return (
        f"adopt: Palette lists no location {want.adopt} in {where}; `palette-backup list` shows "
        "what is there. If it was adopted earlier and is to be replaced now, take `adopt` out of "
        "the program."
    )


def conflict_message(
    want: BackupLocationState, have: BackupLocationState, differing: list[str]
) -> str:
    """The message for a location that differs from the program."""
    return (
        f"the location {have.name} ({want.adopt}) is not as the program says. "
        f"{'; '.join(differing)}. Correct the program (`palette-backup import {want.adopt}` prints "
        "what is there), or set adopt_overwrite=True to have Palette changed."
    )


def _shown(value: Any, path: str, *, from_program: bool = False) -> str:
    """The value at `path`. A program may have swapped a secret and its id, so neither is shown."""
    for step in path.split("."):
        model: type[Model] = type(value)
        if step in fields(model, Secret):
            return "a secret"
        if from_program and step in fields(model, Beside):
            return "another"
        value = getattr(value, step)
    if isinstance(value, Model):
        return str(getattr(value, "kind", "a value"))
    return "nothing" if value is None else excerpt(json.dumps(value, ensure_ascii=False))
