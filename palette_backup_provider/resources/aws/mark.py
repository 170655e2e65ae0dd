"""Our mark on AWS objects: one tag, set in the call that creates the object.

Tags that begin with `palette-backup` are ours. All other tags belong to the program or to others.
"""

import re
from typing import Annotated

from pydantic import AfterValidator

from palette_backup_provider.clients.aws.client import tag_set, tags
from palette_backup_provider.core.markers import FromSetting
from palette_backup_provider.core.model import Owned

MARK = "palette-backup"
AT_MOST = 45
"""AWS allows 50 tags. Five are reserved for our mark and for the notes on a user's keys."""
CARRIER = f"the tag {MARK}"

TagSet = list[dict[str, str]]


def _allowed(tags: dict[str, str]) -> dict[str, str]:
    if len(tags) > AT_MOST:
        raise ValueError(f"{len(tags)} tags are too many: at most {AT_MOST}")
    for name, value in tags.items():
        if not re.fullmatch(r"[\w .:/=+\-@]{1,128}", name):
            raise ValueError(
                f"the tag {name!r} is not allowed: 1 to 128 letters, digits, spaces and _.:/=+-@"
            )
        if name.lower().startswith(("aws:", MARK)):
            raise ValueError(f"the tag {name!r} is not allowed: aws: and {MARK} are reserved")
        if not re.fullmatch(r"[\w .:/=+\-@]{0,256}", value):
            raise ValueError(
                f"the value of the tag {name!r} is not allowed: at most 256 letters, digits, "
                f"spaces and _.:/=+-@"
            )
    return tags


Tags = Annotated[
    dict[str, str],
    AfterValidator(_allowed),
    FromSetting("aws:defaultTags.tags", "palette:tags"),
]
"""Tags that a user asks for, by AWS's rules."""


def marked(state: Owned, extra: dict[str, str]) -> TagSet:
    """`extra` and our mark, as AWS wants tags."""
    return tag_set({**extra, MARK: state.mark})


def user_tags(all_tags: TagSet) -> dict[str, str]:
    """The tags that are not ours."""
    return {k: v for k, v in tags(all_tags).items() if not k.startswith(MARK)}


def mark_of(all_tags: TagSet) -> str | None:
    """The mark among tags."""
    return tags(all_tags).get(MARK)
