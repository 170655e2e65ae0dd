"""Operators who may do all that is needed, but one thing."""

from collections.abc import Sequence

from palette_backup_provider.core.permissions import Statement


def without(action: str, statements: Sequence[Statement]) -> list[str]:
    return [one for each in statements for one in each.actions if one != action]
