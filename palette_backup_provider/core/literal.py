"""What becomes part of an ARN, a principal, a condition, a binding, a scope or a policy is literal.

It means exactly the thing that it names. `*` and `?` are patterns in policies, where the cloud
replaces `${...}` by what it knows of the caller. `?` ends a path. A name has no invisible
characters. Each cloud adds what its own names are made of.
"""

import re
from typing import Annotated
from unicodedata import category

from pydantic import AfterValidator

PATTERN = re.compile(r"[*?]|\$\{")
UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Unicode's categories of control characters, of what has no shape, and of ends of lines."""


def visible(value: str) -> str:
    """`value`, if a person can see every character of it."""
    if not value.strip():
        raise ValueError("is empty: give a name")
    if any(category(letter) in UNSEEN for letter in value):
        raise ValueError(f"{value!r} is not allowed: it has characters that cannot be seen")
    return value


def literal(value: str) -> str:
    """`value`, if it has no pattern or variable, so that it means itself alone."""
    if PATTERN.search(value):
        raise ValueError(
            f"{value!r} is not allowed: *, ? and ${{...}} stand for more than one name; give "
            f"a single name"
        )
    return visible(value)


def literal_name(value: str) -> str:
    """`value`, if it is literal and no path: the name of what is there already."""
    if "/" in value:
        raise ValueError(f"{value!r} is not allowed: a name has no slash")
    return literal(value)


LITERAL = AfterValidator(literal)
Literal = Annotated[str, LITERAL]
