"""What core and engine know of each cloud: one module a cloud, which is found by its name."""

from importlib import import_module
from pathlib import Path

from palette_backup_provider.core.clouds.cloud import Cloud

_MODULES = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))

CLOUDS: dict[str, Cloud] = {
    name: import_module(f"{__name__}.{name}").CLOUD
    for name in _MODULES
    if name not in ("__init__", "cloud")
}
"""By the name of the folder that a cloud has in every layer."""
