"""Warnings about a component, in the words of the program that has it."""

from collections.abc import Callable

from pulumi import Resource, log

from palette_backup_provider.core.secrets import printable

_spell: Callable[[str], str] = str


def spell_with(spell: Callable[[str], str]) -> None:
    """Have `spell` bring each warning to the names that the program has."""
    global _spell
    _spell = spell


def warn(message: str, of: Resource | None) -> None:
    """A warning on the row of that resource."""
    log.warn(printable(_spell(message)), of)
