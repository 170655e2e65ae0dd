"""Our mark on Azure objects. Groups and accounts carry it in a tag, containers in their metadata,
roles and role assignments in their description. Objects of Graph carry it in their notes. The call
that creates the object sets the mark.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator

from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.tags import MARK, Form, TagRules, user_tags

METADATA = "palettebackup"
"""The key of a container's metadata that holds it; hyphens are not allowed there."""
TAG = f"the tag {MARK}"
NOTES = "its notes"


_RULES = TagRules(
    at_most=45,  # ARM allows 50
    name=Form(r"[^<>%&\\?/]{1,128}", r"1 to 128 characters, no <>%&\?/"),
    value=Form(r"(?s).{0,256}", "at most 256 characters"),
    reserved=("microsoft", "azure", "windows", MARK),
)
Tags = Annotated[dict[str, str], AfterValidator(_RULES)]
"""Tags that a user asks for, by Azure's rules for storage accounts."""


def marked(state: Owned, extra: Mapping[str, str]) -> dict[str, str]:
    """`extra` and our mark, as ARM wants tags."""
    return {**extra, MARK: state.mark}


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
