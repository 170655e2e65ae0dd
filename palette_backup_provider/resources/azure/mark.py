"""Our mark on Azure objects: a tag on what ARM has, the notes of what Graph has, the metadata of a
container, the description of a role assignment. Each is given in the very call that makes it.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator

from palette_backup_provider.core.errors import NotOurs
from palette_backup_provider.core.model import Owned

MARK = "palette-backup"
METADATA = "palettebackup"
"""The key of a container's metadata that holds it; hyphens are not allowed there."""
AT_MOST = 45
"""ARM allows 50 tags."""


def _allowed(wanted: dict[str, str]) -> dict[str, str]:
    if len(wanted) > AT_MOST:
        raise ValueError(f"{len(wanted)} tags are too many: at most {AT_MOST}")
    for name, value in wanted.items():
        if not 1 <= len(name) <= 128 or re.search(r"[<>%&\\?/]", name):
            raise ValueError(f"the tag {name!r} is not allowed: 1 to 128 characters, no <>%&\\?/")
        if name.lower().startswith(("microsoft", "azure", "windows", MARK)):
            raise ValueError(
                f"the tag {name!r} is not allowed: microsoft, azure, windows and {MARK} are "
                f"reserved"
            )
        if len(value) > 256:
            raise ValueError(f"the value of the tag {name!r} is too long: at most 256 characters")
    return wanted


Tags = Annotated[dict[str, str], AfterValidator(_allowed)]
"""Tags that a user asks for, by Azure's rules for storage accounts."""


def marked(state: Owned, extra: Mapping[str, str]) -> dict[str, str]:
    """`extra` and our mark, as ARM wants tags."""
    return {**extra, MARK: state.mark}


def user_tags(found: Mapping[str, str] | None) -> dict[str, str]:
    """The tags that are not ours."""
    return {k: v for k, v in (found or {}).items() if not k.startswith(MARK)}


def retagged(
    have: Mapping[str, str], wanted: Mapping[str, str], found: Mapping[str, str] | None
) -> dict[str, str]:
    """The tags to set, those of others included: ARM takes all at once."""
    return {**{k: v for k, v in user_tags(found).items() if k not in have}, **wanted}


def demand_ours(state: Owned, mark: str | None, what: str, how_to_bring: str) -> None:
    """Refuse to adopt what another program, or a person, made.

    `how_to_bring` is a sentence.
    """
    if not state.owns(mark):
        whose = f"belongs to {mark.rpartition('@')[0]}" if mark else "does not carry our mark"
        raise NotOurs(f"{what} exists already and {whose}. {how_to_bring}")


def still_ours(state: Owned, mark: str | None) -> bool:
    """Whether the object is still the one `state` speaks of, and not adopted by a later create.

    An object without a mark is left alone loudly: somebody may have made it anew by hand.
    """
    if not mark:
        raise NotOurs(
            f"it no longer carries the mark {MARK} that it was made with, so it may be somebody "
            f"else's by now and is not deleted. If it is still this stack's, put the mark "
            f"{state.mark} back and run again; if not, `pulumi state delete` forgets it."
        )
    return mark == state.mark


def container_mark(properties: Mapping[str, Any]) -> str | None:
    """The mark of a container, from its properties as ARM tells them."""
    mark: str | None = (properties.get("metadata") or {}).get(METADATA)
    return mark
