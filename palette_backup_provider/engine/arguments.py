"""Errors about a component's resources, in the words of whoever wrote the component's arguments.

A component notes on each of its resources which argument a property comes from, where the names
differ. Check takes the note off again, so it is in no state: it is for that answer alone.
"""

from collections.abc import Mapping
from typing import Any

NOTE = "__arguments"


def arguments(**named: str) -> dict[str, Any]:
    """The note that these properties come from arguments of other names. An empty name says that
    what is below the property is called as it is there."""
    return {NOTE: named}


def argument(path: str, note: Mapping[str, str]) -> str:
    """What the property at `path` is called by whoever wrote it."""
    name, dot, below = path.partition(".")
    if name not in note:
        return path
    return f"{note[name]}{dot}{below}" if note[name] else below or name
