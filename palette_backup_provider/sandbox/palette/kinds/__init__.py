"""The kinds of storage that Palette knows: one module a cloud, which is found by its name."""

from importlib import import_module
from pathlib import Path

from palette_backup_provider.sandbox.palette.kinds.kind import Kind

_MODULES = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
_FOUND: list[Kind] = [
    import_module(f"{__name__}.{name}").KIND
    for name in _MODULES
    if name not in ("__init__", "kind")
]
KINDS = {kind.name: kind for kind in _FOUND}
"""By the name that Palette's routes give them."""
