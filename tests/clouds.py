"""What tests have to know of each cloud: a module in its folder, which is found by its name."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from palette_backup_provider.core.clouds import CLOUDS
from palette_backup_provider.doctor.clouds import BY_WORD

NAMES = {cloud: BY_WORD[cloud].name for cloud in CLOUDS}
"""What people call each cloud."""


def of_each(room: str, module: str) -> dict[str, Any]:
    """That module in the folder that each cloud has in a package of tests, where there is one."""
    named = {cloud: f"{room}.{cloud}.{module}" for cloud in CLOUDS}
    return {cloud: import_module(name) for cloud, name in named.items() if find_spec(name)}


def merged(room: str, module: str, table: str) -> dict[str, Any]:
    """One table, of those that the clouds have in that module."""
    found: dict[str, Any] = {}
    for each in of_each(room, module).values():
        found |= getattr(each, table, {})
    return found
