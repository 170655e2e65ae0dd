"""What a preview does not know yet, and what it hides."""

from typing import Any

HIDDEN = "[secret]"
"""What stands for a secret."""
UNKNOWN = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # of a boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # of a number
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # of a text
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # of a list
        "030794c1-ac77-496b-92df-f27374a8bd58",  # of an asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # of an archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # of a map
    }
)
"""What stands for a value that only the run will tell, as the engine writes it."""


def is_unknown(value: Any) -> bool:
    """Whether the value, or a part of it, is not known yet or hidden."""
    if isinstance(value, dict):
        return any(map(is_unknown, value.values()))
    if isinstance(value, list):
        return any(map(is_unknown, value))
    if not isinstance(value, str):
        return False
    return value == HIDDEN or value in UNKNOWN or any(one in value for one in UNKNOWN)
