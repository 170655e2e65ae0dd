"""What tests have to know of each cloud: a file of one name in its folder, found by that name."""

from importlib import import_module
from importlib.resources import files
from types import ModuleType
from typing import Any

from palette_backup_provider.core.clouds import CLOUDS


def in_some_folders(room: str, name: str) -> dict[str, ModuleType]:
    """The modules of that name, by the folder of a package of tests that they are in."""
    folders = sorted(each.name for each in files(room).iterdir() if (each / f"{name}.py").is_file())
    return {each: import_module(f"{room}.{each}.{name}") for each in folders}


def in_each_folder(room: str, name: str) -> dict[str, ModuleType]:
    """The same, where every cloud has one."""
    found = in_some_folders(room, name)
    lacking = ", ".join(f"{cloud}/{name}.py" for cloud in CLOUDS if cloud not in found)
    assert not lacking, f"{room} lacks {lacking}"
    return found


def merged(room: str, name: str, table: str) -> dict[str, Any]:
    """One table, of those that some modules of that name have."""
    found: dict[str, Any] = {}
    for each in in_some_folders(room, name).values():
        found |= getattr(each, table, {})
    return found
