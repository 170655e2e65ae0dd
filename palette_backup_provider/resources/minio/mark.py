"""Our mark on MinIO. Each kind of object carries it elsewhere.

| object | where the mark is |
|---|---|
| bucket | the tag `palette-backup`, set right after the call that makes it, which takes no tags |
| policy | the ID of its document, given in the very call that makes it |
| user | a group named after the mark, without a policy, joined right after the user is made |
| access key | its description, given in the very call that makes it |

An interrupted run can leave a bucket without tags, or a user without a group. A made-up name ends
in a hash of its owner, so it shows whether it was made up for this very resource. If so, the bucket
is reclaimed if nothing is in it, and the user if nobody gave it anything. A user of earlier code is
in no group. It is ours if it signs in with the secret in state.
"""

import re
from typing import Annotated

from pydantic import AfterValidator

from palette_backup_provider.core.markers import SEED, AutoNamed
from palette_backup_provider.core.model import Owned

MARK = "palette-backup"
AT_MOST = 45
"""MinIO takes 50 tags, one of which is our mark."""


def _allowed(tags: dict[str, str]) -> dict[str, str]:
    if len(tags) > AT_MOST:
        raise ValueError(f"{len(tags)} tags are too many: at most {AT_MOST}")
    for name, value in tags.items():
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
    return tags


Tags = Annotated[dict[str, str], AfterValidator(_allowed)]
"""Tags that a user asks for, by MinIO's rules."""


def user_tags(tags: dict[str, str]) -> dict[str, str]:
    """The tags that are not ours."""
    return {name: value for name, value in tags.items() if name != MARK}


def made_up_for(state: Owned, name: str) -> bool:
    """Whether `name` was made up for this very resource."""
    seed = [state.owner, {"__made_under": state.made_under}]
    made_up = AutoNamed(SEED * 2).name("", state.logical, seed)
    return name[-SEED:] == made_up[-SEED:]
