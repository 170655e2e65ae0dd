"""What each service has in a file of one name: a new service adds a folder, and is found."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent
CLOUDS = {path.parent.name for path in HERE.glob("*/components.py")}


def in_each_folder(name: str) -> dict[str, ModuleType]:
    """The modules of that name, by the service whose folder they are in. Every cloud has one."""
    found = in_some_folders(name)
    lacking = sorted(f"{cloud}/{name}.py" for cloud in CLOUDS - found.keys())
    assert not lacking, f"tests/sandbox lacks {', '.join(lacking)}"
    return found


def in_some_folders(name: str) -> dict[str, ModuleType]:
    """The same, of those that have anything to say in it."""
    services = sorted(path.parent.name for path in HERE.glob(f"*/{name}.py"))
    return {each: import_module(f"{__package__}.{each}.{name}") for each in services}
