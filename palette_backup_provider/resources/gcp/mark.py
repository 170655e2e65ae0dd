"""Our mark on Google Cloud objects: a label, or words in a description.

Labels take 63 characters of a small alphabet, so the owner is in the mark as a hash:
`<hash of the stack><hash of the owner>-<incarnation>`.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated

from pydantic import AfterValidator

from palette_backup_provider.core.errors import NotOurs
from palette_backup_provider.core.model import Owned

MARK = "palette-backup"
AT_MOST = 50
"""Google allows 64 labels; the rest is kept for our mark and for the notes about bindings."""
STACK, OWNER = 8, 12

Labels = Mapping[str, str]


def _allowed(wanted: dict[str, str]) -> dict[str, str]:
    if len(wanted) > AT_MOST:
        raise ValueError(f"{len(wanted)} labels are too many: at most {AT_MOST}")
    for name, value in wanted.items():
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", name):
            raise ValueError(
                f"the label {name!r} is not allowed: 1 to 63 lower-case letters, digits, _ and -, "
                f"beginning with a letter"
            )
        if name.startswith((MARK, "goog")):
            raise ValueError(f"the label {name!r} is not allowed: {MARK} and goog are reserved")
        if not re.fullmatch(r"[a-z0-9_-]{0,63}", value):
            raise ValueError(
                f"the value of the label {name!r} is not allowed: at most 63 lower-case letters, "
                f"digits, _ and -"
            )
    return wanted


UserLabels = Annotated[dict[str, str], AfterValidator(_allowed)]
"""Labels that a user asks for, by Google's rules."""


def mark(state: Owned) -> str:
    """What the object of `state` carries."""
    return f"{_fingerprint(state.owner)}-{state.incarnation}"


def owns(state: Owned, found: str | None) -> bool:
    """Whether an object that carries `found` was made for this resource, by any run."""
    ours = _fingerprint(state.owner)
    return bool(state.owner) and (found or "").rpartition("-")[0] == ours


def same_stack(state: Owned, found: str | None) -> bool:
    """Whether an object that carries `found` was made by this stack of this project."""
    return bool(state.owner) and (found or "")[:STACK] == _fingerprint(state.owner)[:STACK]


def described(state: Owned, *notes: str) -> str:
    """A description with the mark, and notes, in it."""
    return " ".join([MARK, mark(state), *notes])


def marked(description: str | None) -> str | None:
    """The mark in a description."""
    match (description or "").split():
        case [word, found, *_] if word == MARK:
            return found
    return None


def user_labels(found: Labels) -> dict[str, str]:
    """The labels that are not ours."""
    return {name: value for name, value in found.items() if not name.startswith(MARK)}


def demand_ours(state: Owned, found: str | None, what: str, how_to_bring: str) -> None:
    """Refuse to adopt what another program, or a person, made.

    `how_to_bring` completes "To use it as it is, ".
    """
    if not owns(state, found):
        whose = "belongs to another resource or stack" if found else "does not carry our mark"
        raise NotOurs(f"{what} exists already and {whose}. To use it as it is, {how_to_bring}.")


def still_ours(state: Owned, found: str | None, where: str) -> bool:
    """Whether the object is still the one `state` speaks of, and not adopted by a later create.

    An object without a mark is left alone loudly: somebody may have made it anew by hand. `where`
    says what to put back, such as "the label palette-backup".
    """
    if found is None:
        raise NotOurs(
            f"it no longer carries {where} that it was made with, so it may be somebody else's by "
            f"now and is not deleted. If it is still this stack's, put it back with the value "
            f"{mark(state)!r} and run again; if not, `pulumi state delete` forgets it."
        )
    return found == mark(state)


def _fingerprint(owner: str) -> str:
    stack = "/".join(owner.split("/")[:3])
    return sha256(stack.encode()).hexdigest()[:STACK] + sha256(owner.encode()).hexdigest()[:OWNER]
