"""What contract tests have to know of each cloud: one folder a cloud, found by its name."""

from importlib import import_module
from typing import Any

from palette_backup_provider.core.clouds import CLOUDS
from palette_backup_provider.doctor.clouds import BY_WORD

NAMES = {cloud: BY_WORD[cloud].name for cloud in CLOUDS}
"""What people call each cloud."""


def cloud_of(component: Any) -> str:
    """The cloud of a component, which the name of its module begins with."""
    return str(component.__module__.rpartition(".")[2].partition("_")[0])


def of_each(module: str) -> dict[str, Any]:
    """That module of each cloud's folder."""
    return {cloud: import_module(f"{__package__}.{cloud}.{module}") for cloud in CLOUDS}


def merged(module: str, table: str) -> dict[str, Any]:
    """One table, of those that the clouds have in that module."""
    return {
        key: one
        for each in of_each(module).values()
        for key, one in vars(each).get(table, {}).items()
    }
