"""What each service has in a file of one name: a new service adds a folder, and is found."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent


def in_each_folder(name: str) -> dict[str, ModuleType]:
    """The modules of that name, by the service whose folder they are in."""
    services = sorted(path.parent.name for path in HERE.glob(f"*/{name}.py"))
    return {each: import_module(f"{__package__}.{each}.{name}") for each in services}
