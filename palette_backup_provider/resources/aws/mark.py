"""Our mark on AWS objects: one tag, given in the very call that makes the object.

Tags that begin with `palette-backup` are ours; all others belong to the user, or to someone else.
"""

import re
from typing import Annotated

from pydantic import AfterValidator

from palette_backup_provider.clients.aws import tag_set, tags
from palette_backup_provider.core.errors import NotOurs
from palette_backup_provider.core.model import Owned

MARK = "palette-backup"
AT_MOST = 45
"""AWS allows 50 tags; five are kept for our mark and for the notes on a user's keys."""

TagSet = list[dict[str, str]]


def _allowed(wanted: dict[str, str]) -> dict[str, str]:
    if len(wanted) > AT_MOST:
        raise ValueError(f"{len(wanted)} tags are too many: at most {AT_MOST}")
    for name, value in wanted.items():
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
    return wanted


Tags = Annotated[dict[str, str], AfterValidator(_allowed)]
"""Tags that a user asks for, by AWS's rules."""


def marked(state: Owned, extra: dict[str, str]) -> TagSet:
    """`extra` and our mark, as AWS wants tags."""
    return tag_set({**extra, MARK: state.mark})


def user_tags(found: TagSet) -> dict[str, str]:
    """The tags that are not ours."""
    return {k: v for k, v in tags(found).items() if not k.startswith(MARK)}


def demand_ours(state: Owned, found: TagSet, what: str, how_to_bring: str) -> None:
    """Refuse to adopt what another program, or a person, made.

    `how_to_bring` completes "To use it as it is, ".
    """
    mark = tags(found).get(MARK)
    if not state.owns(mark):
        whose = f"belongs to {mark.rpartition('@')[0]}" if mark else "does not carry our mark"
        raise NotOurs(f"{what} exists already and {whose}. To use it as it is, {how_to_bring}.")


def still_ours(state: Owned, found: TagSet) -> bool:
    """Whether the object is still the one `state` speaks of, and not adopted by a later create.

    An object without a mark is left alone loudly: somebody may have made it anew by hand.
    """
    mark = tags(found).get(MARK)
    if mark is None:
        raise NotOurs(
            f"it no longer carries the tag {MARK} that it was made with, so it may be somebody "
            f"else's by now and is not deleted. If it is still this stack's, put the tag "
            f"{MARK}={state.mark} back and run again; if not, `pulumi state delete` forgets it."
        )
    return mark == state.mark
