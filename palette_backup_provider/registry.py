"""Every resource type, function and setting: read by the tests, the docs and a native plugin."""

from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import isfunction
from pkgutil import iter_modules
from typing import Any

from palette_backup_provider import resources
from palette_backup_provider.clients.namespaces import NAMESPACES
from palette_backup_provider.engine.resource import Resource

__all__ = ["FUNCTIONS", "NAMESPACES", "RESOURCES"]


def _exported() -> Iterator[tuple[str, Any]]:
    """What each folder of resources exports, with the token that begins with the folder's name."""
    for folder in sorted(iter_modules(resources.__path__, f"{resources.__name__}.")):
        exported = import_module(folder.name)
        for name in sorted(exported.__all__):
            yield f"{folder.name.rpartition('.')[2]}:{name}", getattr(exported, name)


RESOURCES: tuple[type[Resource[Any]], ...] = tuple(
    kind for _, kind in _exported() if isinstance(kind, type) and issubclass(kind, Resource)
)
FUNCTIONS: dict[str, Callable[..., Any]] = {
    token: function for token, function in _exported() if isfunction(function)
}
"""What a program calls besides resources, such as `palette:get_backup_location`."""
