"""Our mark on Azure objects. Groups and accounts carry it in a tag, containers in their metadata,
roles and role assignments in their description. Objects of Graph carry it in their notes. The call
that creates the object sets the mark.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator

from palette_backup_provider.core.model import Owned

MARK = "palette-backup"
METADATA = "palettebackup"
"""The key of a container's metadata that holds it; hyphens are not allowed there."""
AT_MOST = 45
"""ARM allows 50 tags."""
TAG = f"the tag {MARK}"
NOTES = "its notes"


def _allowed(tags: dict[str, str]) -> dict[str, str]:
    if len(tags) > AT_MOST:
        raise ValueError(f"{len(tags)} tags are too many: at most {AT_MOST}")
    for name, value in tags.items():
        if not 1 <= len(name) <= 128 or re.search(r"[<>%&\\?/]", name):
            raise ValueError(f"the tag {name!r} is not allowed: 1 to 128 characters, no <>%&\\?/")
        if name.lower().startswith(("microsoft", "azure", "windows", MARK)):
            raise ValueError(
                f"the tag {name!r} is not allowed: microsoft, azure, windows and {MARK} are "
                f"reserved"
            )
        if len(value) > 256:
            raise ValueError(f"the value of the tag {name!r} is too long: at most 256 characters")
    return tags


Tags = Annotated[dict[str, str], AfterValidator(_allowed)]
"""Tags that a user asks for, by Azure's rules for storage accounts."""


def marked(state: Owned, extra: Mapping[str, str]) -> dict[str, str]:
    """`extra` and our mark, as ARM wants tags."""
    return {**extra, MARK: state.mark}


def user_tags(tags: Mapping[str, str] | None) -> dict[str, str]:
    """The tags that are not ours."""
    return {k: v for k, v in (tags or {}).items() if not k.startswith(MARK)}


def retagged(
    have: Mapping[str, str], wanted: Mapping[str, str], tags: Mapping[str, str] | None
) -> dict[str, str]:
    """The tags to set. ARM takes the whole set, so it includes the tags of others."""
    return {**{k: v for k, v in user_tags(tags).items() if k not in have}, **wanted}


def mark_of(resource: Mapping[str, Any]) -> str | None:
    """The mark among the tags of a resource of ARM."""
    mark: str | None = (resource.get("tags") or {}).get(MARK)
    return mark


def container_mark(properties: Mapping[str, Any]) -> str | None:
    """The mark of a container, from its properties as ARM tells them."""
    mark: str | None = (properties.get("metadata") or {}).get(METADATA)
    return mark
