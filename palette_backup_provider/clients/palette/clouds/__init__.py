"""What is read of Palette's answers about each cloud: one module a cloud, found by its name."""

from importlib import import_module
from typing import Any

from palette_backup_provider.core.clouds import CLOUDS

ROUTES: dict[str, Any] = {
    route: shape
    for cloud in CLOUDS
    for route, shape in import_module(f"{__name__}.{cloud}").ROUTES.items()
}
