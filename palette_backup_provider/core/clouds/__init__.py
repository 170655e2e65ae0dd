"""What core and engine know of each cloud: one module a cloud, which is found by its name."""

from importlib import import_module
from pkgutil import iter_modules

from palette_backup_provider.core.cloud import Cloud

CLOUDS: dict[str, Cloud] = {
    name: import_module(f"{__name__}.{name}").CLOUD
    for name in sorted(each.name for each in iter_modules(__path__))
}
"""By the name of the folder that a cloud has in every layer."""
