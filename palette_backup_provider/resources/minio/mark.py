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

from typing import Annotated

from pydantic import AfterValidator

from palette_backup_provider.core.markers import SEED, AutoNamed
from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.tags import MARK, Form, TagRules

_LETTERS = r"[a-zA-Z0-9 .:/=+\-@_]"
_RULES = TagRules(
    at_most=45,  # MinIO takes 50, one of which is our mark
    name=Form(
        f"(?!{MARK}){_LETTERS}{{1,128}}",
        f"1 to 128 letters, digits, spaces and _.:/=+-@, not beginning with {MARK}",
    ),
    value=Form(_LETTERS + "{0,256}", "at most 256 letters, digits, spaces and _.:/=+-@"),
)
Tags = Annotated[dict[str, str], AfterValidator(_RULES)]
"""Tags that a user asks for, by MinIO's rules."""


def made_up_for(state: Owned, name: str) -> bool:
    """Whether `name` was made up for this very resource."""
    seed = [state.owner, {"__made_under": state.made_under}]
    made_up = AutoNamed(SEED * 2).name("", state.logical, seed)
    return name[-SEED:] == made_up[-SEED:]
