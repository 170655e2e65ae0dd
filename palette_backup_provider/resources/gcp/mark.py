"""Our mark on Google Cloud objects: a label, or words in a description.

Labels take 63 characters of a small alphabet, so the mark is hashed.
"""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator

from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.ownership import HASHED

MARK = "palette-backup"
AT_MOST = 50
"""Google allows 64 labels. The rest is reserved for our mark and for the notes about bindings."""
LABEL = f"the label {MARK}"
DESCRIPTION = "the words in its description"

Labels = Mapping[str, str]


def _allowed(labels: dict[str, str]) -> dict[str, str]:
    if len(labels) > AT_MOST:
        raise ValueError(f"{len(labels)} labels are too many: at most {AT_MOST}")
    for name, value in labels.items():
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
    return labels


UserLabels = Annotated[dict[str, str], AfterValidator(_allowed)]
"""Labels that a user asks for, by Google's rules."""


def mark(state: Owned) -> str:
    """The mark that the object of `state` carries."""
    return HASHED.write(state)


def described(state: Owned, *notes: str) -> str:
    """A description with the mark, and notes, in it."""
    return " ".join([MARK, mark(state), *notes])


def marked(description: str | None) -> str | None:
    """The mark in a description."""
    match (description or "").split():
        case [word, found, *_] if word == MARK:
            return found
    return None


def user_labels(labels: Labels) -> dict[str, str]:
    """The labels that are not ours."""
    return {name: value for name, value in labels.items() if not name.startswith(MARK)}
