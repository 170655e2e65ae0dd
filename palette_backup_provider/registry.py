"""Every resource type and every setting: read by the tests, the docs and a native plugin."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from palette_backup_provider import resources
from palette_backup_provider.clients.namespaces import NAMESPACES
from palette_backup_provider.engine.resource import Resource

__all__ = ["NAMESPACES", "RESOURCES"]


def _types() -> Iterator[type[Resource[Any]]]:
    """What each folder of resources exports that is a resource type, by name."""
    for folder in sorted(iter_modules(resources.__path__, f"{resources.__name__}.")):
        exported = import_module(folder.name)
        for name in sorted(exported.__all__):
            kind = getattr(exported, name)
            if isinstance(kind, type) and issubclass(kind, Resource):
                yield kind


RESOURCES: tuple[type[Resource[Any]], ...] = tuple(_types())
