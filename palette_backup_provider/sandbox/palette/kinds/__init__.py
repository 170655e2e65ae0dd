"""The kinds of storage that Palette knows: one module a kind, which is found by its name."""

from importlib import import_module
from pathlib import Path

from palette_backup_provider.sandbox.palette.kinds.kind import Kind

_MODULES = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))

KINDS: dict[str, Kind] = {
    name: import_module(f"{__name__}.{name}").KIND
    for name in _MODULES
    if name not in ("__init__", "kind")
}
"""By the name that Palette's routes give them."""
