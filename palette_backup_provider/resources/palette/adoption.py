"""Bringing a location that exists under management.

What the program says is compared with what Palette has, but for the secret, which Palette masks.
Equal, nothing in Palette is touched; the next real update writes our mark. Different, it is refused
with every difference, unless the program asks to overwrite.
"""

import json
from collections.abc import Iterator
from typing import Any, Self

from palette_backup_provider.core.compare import changes
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.model import Model, Secret, fields
from palette_backup_provider.core.secrets import excerpt
from palette_backup_provider.core.settings import Settings


class Adopted:
    """The locations that this run has adopted, or goes on with.

    A forced replacement adopts its location anew and then deletes the old one, which is the same;
    if it was interrupted, a later run deletes it.
    """

    def __init__(self) -> None:
        self.uids: dict[str, str] = {}
        """By owner: the engine may replace after all what was to stay."""

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls()


def differences(want: Any, there: Any) -> Iterator[str]:
    """Each property that is not as the program says, with both values; never a secret's."""
    if type(there.storage) is not type(want.storage):
        raise ProviderError(
            f"adopt: the location {there.name} ({want.adopt}) is on {there.storage.kind}, and the "
            f"program says {want.storage.kind}. A location's kind of storage cannot be changed."
        )
    for change in changes(there, want):
        old, new = _shown(there, change.path), _shown(want, change.path)
        yield f"{change.path}: {new} in the program, {old} in Palette"


def another_owner(want: Any, mark: str | None) -> Iterator[str]:
    """What says that the location is managed already, and not by this very resource."""
    if mark and not want.owns(mark):
        owner = mark.rpartition("@")[0].partition(":")[0]
        yield f"owner: by its mark {owner} manages it (`pulumi state delete` forgets it there)"


def absent(want: Any) -> str:
    """Why nothing can be adopted."""
    where = f"the project {want.project or want.project_uid}" if want.project_uid else "the tenant"
    return (
        f"adopt: Palette lists no location {want.adopt} in {where}; `palette-backup list` shows "
        "what is there. If it was adopted earlier and is to be replaced now, take `adopt` out of "
        "the program."
    )


def refusal(want: Any, there: Any, differs: list[str]) -> str:
    """Why the location is not adopted, in one message."""
    return (
        f"the location {there.name} ({want.adopt}) is not as the program says. "
        f"{'; '.join(differs)}. Correct the program (`palette-backup import {want.adopt}` prints "
        "what is there), or set adopt_overwrite=True to have Palette changed."
    )


def _shown(state: Any, path: str) -> str:
    for step in path.split("."):
        model: type[Model] = type(state)
        if step in fields(model, Secret):
            return "a secret"
        state = getattr(state, step)
    if isinstance(state, Model):
        return str(getattr(state, "kind", "a value"))
    return "nothing" if state is None else excerpt(json.dumps(state, ensure_ascii=False))
