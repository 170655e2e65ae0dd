"""Our mark on AWS objects: one tag, set in the call that creates the object.

Tags that begin with `palette-backup` are ours. All other tags belong to the program or to others.
"""

from typing import Annotated

from pydantic import AfterValidator

from palette_backup_provider.clients.aws.client import tag_set, tags
from palette_backup_provider.core.markers import FromSetting
from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.tags import MARK, Form, TagRules
from palette_backup_provider.core.tags import user_tags as without_ours

CARRIER = f"the tag {MARK}"

TagSet = list[dict[str, str]]


_LETTERS = r"[\w .:/=+\-@]"
_RULES = TagRules(
    at_most=45,  # AWS allows 50. Five are reserved for our mark and for the notes on a user's keys.
    name=Form(_LETTERS + "{1,128}", "1 to 128 letters, digits, spaces and _.:/=+-@"),
    value=Form(_LETTERS + "{0,256}", "at most 256 letters, digits, spaces and _.:/=+-@"),
    reserved=("aws:", MARK),
)
Tags = Annotated[
    dict[str, str],
    AfterValidator(_RULES),
    FromSetting("aws:defaultTags.tags", "palette:tags"),
]
"""Tags that a user asks for, by AWS's rules."""


def marked(state: Owned, extra: dict[str, str]) -> TagSet:
    """`extra` and our mark, as AWS wants tags."""
    return tag_set({**extra, MARK: state.mark})


def user_tags(all_tags: TagSet) -> dict[str, str]:
    """The tags that are not ours."""
    return without_ours(tags(all_tags))


def mark_of(all_tags: TagSet) -> str | None:
    """The mark among tags."""
    return tags(all_tags).get(MARK)
