"""What becomes part of an ARN, a principal, a condition, a binding, a scope or a policy is literal.

It means the one thing that it names. `*` and `?` are patterns in policies, and `${...}` is filled
in there with what the caller is; `?` ends a path. What cannot be seen has no place in a name. Each
cloud adds what its own names are made of.
"""

import re
from typing import Annotated
from unicodedata import category

from pydantic import AfterValidator

PATTERN = re.compile(r"[*?]|\$\{")
UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Unicode's categories of control characters, of what has no shape, and of ends of lines."""


def visible(value: str) -> str:
    """`value`, if a person can see all that it is."""
    if not value.strip():
        raise ValueError("is empty: name the one that is meant")
    if any(category(letter) in UNSEEN for letter in value):
        raise ValueError(f"{value!r} is not allowed: it has characters that cannot be seen")
    return value


def literal(value: str) -> str:
    """`value`, if it means itself and nothing else."""
    if PATTERN.search(value):
        raise ValueError(
            f"{value!r} is not allowed: *, ? and ${{...}} stand for more than one name; name the "
            f"one that is meant"
        )
    return visible(value)


def literal_name(value: str) -> str:
    """`value`, if it is literal and no path: the name of what is there already."""
    if "/" in value:
        raise ValueError(f"{value!r} is not allowed: a name has no slash")
    return literal(value)


LITERAL = AfterValidator(literal)
Literal = Annotated[str, LITERAL]
