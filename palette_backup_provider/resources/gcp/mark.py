"""Our mark on Google Cloud objects: a label, or words in a description.

Labels take 63 characters of a small alphabet, so the mark is hashed.
"""

from typing import Annotated

from pydantic import AfterValidator

from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.ownership import HASHED
from palette_backup_provider.core.tags import MARK, Form, TagRules

LABEL = f"the label {MARK}"
DESCRIPTION = "the words in its description"

_RULES = TagRules(
    at_most=50,  # Google allows 64. The rest is for our mark and for the notes about bindings.
    name=Form(
        r"[a-z][a-z0-9_-]{0,62}",
        "1 to 63 lower-case letters, digits, _ and -, beginning with a letter",
    ),
    value=Form(r"[a-z0-9_-]{0,63}", "at most 63 lower-case letters, digits, _ and -"),
    reserved=(MARK, "goog"),
    noun="label",
)
UserLabels = Annotated[dict[str, str], AfterValidator(_RULES)]
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
