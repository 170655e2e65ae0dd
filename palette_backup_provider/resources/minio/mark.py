"""Our mark on what is made on MinIO, which differs in what it can carry.

| object | where the mark is |
|---|---|
| bucket | the tag `palette-backup`, set right after the call that makes it, which takes no tags |
| policy | the ID of its document, given in the very call that makes it |
| user | nowhere: a user is a name and a secret, and carries nothing else |

A made-up name ends in a hash of its owner, and the secret of a user is known to who made it alone.
So an interrupted run can leave a bucket without tags, or a user; each is taken for ours if its name
was made up for this very resource and it is unused. A user is the one that state speaks of if it
signs in with the secret in state.
"""

import re
from typing import Annotated, Any

from pydantic import AfterValidator

from palette_backup_provider.core.errors import NotOurs
from palette_backup_provider.core.model import SEED, Named, Owned

MARK = "palette-backup"
AT_MOST = 45
"""MinIO takes 50 tags, one of which is our mark."""


def _allowed(wanted: dict[str, str]) -> dict[str, str]:
    if len(wanted) > AT_MOST:
        raise ValueError(f"{len(wanted)} tags are too many: at most {AT_MOST}")
    for name, value in wanted.items():
        if not re.fullmatch(r"[a-zA-Z0-9 .:/=+\-@_]{1,128}", name) or name.startswith(MARK):
            raise ValueError(
                f"the tag {name!r} is not allowed: 1 to 128 letters, digits, spaces and "
                f"_.:/=+-@, not beginning with {MARK}"
            )
        if not re.fullmatch(r"[a-zA-Z0-9 .:/=+\-@_]{0,256}", value):
            raise ValueError(
                f"the value of the tag {name!r} is not allowed: at most 256 letters, digits, "
                f"spaces and _.:/=+-@"
            )
    return wanted


Tags = Annotated[dict[str, str], AfterValidator(_allowed)]
"""Tags that a user asks for, by MinIO's rules."""


def user_tags(found: dict[str, str]) -> dict[str, str]:
    """The tags that are not ours."""
    return {name: value for name, value in found.items() if name != MARK}


def made_up_for(state: Any) -> bool:
    """Whether the object's name was made up for this very resource."""
    seed = [state.owner, {"__made_under": state.made_under}]
    made_up = Named(SEED * 2).name("", state.logical, seed)
    return bool(state.name[-SEED:] == made_up[-SEED:])


def demand_ours(state: Owned, mark: str | None, what: str, how_to_bring: str) -> None:
    """Refuse to adopt what another program, or a person, made.

    `how_to_bring` completes "To use it as it is, ".
    """
    if not state.owns(mark):
        whose = f"belongs to {mark.rpartition('@')[0]}" if mark else "does not carry our mark"
        raise NotOurs(f"{what} exists already and {whose}. To use it as it is, {how_to_bring}.")


def still_ours(state: Owned, mark: str | None, where: str) -> bool:
    """Whether the object is still the one `state` speaks of, and not adopted by a later create.

    An object without a mark is left alone loudly: somebody may have made it anew by hand.
    """
    if mark is None:
        raise NotOurs(
            f"it no longer carries the mark that it was made with ({where}), so it may be somebody "
            f"else's by now and is not deleted. If it is still this stack's, put the mark "
            f"{state.mark} back and run again; if not, `pulumi state delete` forgets it."
        )
    return mark == state.mark
