"""Names of regions: which words they are made of, and which one a misspelt name is near to.

Clouds add regions faster than we release. So no list decides whether a region exists. The words of
a name decide, which are the same everywhere, and then the cloud itself.
"""

from collections.abc import Iterable
from difflib import get_close_matches

COMPASS = frozenset(
    [
        *("north", "south", "east", "west", "central"),
        *("northeast", "northwest", "southeast", "southwest"),
    ]
)
"""How the regions within an area are told apart, on several clouds."""


def nearest(name: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The known name that is meant, as a question; empty if none is near: 1 is the same."""
    near = meant(name, known, likeness)
    return f" Did you mean {near}?" if near else ""


def meant(name: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The known name that is meant; empty if none is near: 1 is the same."""
    spelled = {word.lower(): word for word in known}
    matches = get_close_matches(name.lower(), spelled, 1, likeness)
    return spelled[matches[0]] if matches else ""
