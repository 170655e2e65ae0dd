"""Every setting: our own, and those that are shared with Pulumi's packages."""

from importlib import import_module

from palette_backup_provider import clients
from palette_backup_provider.core.clouds import CLOUDS
from palette_backup_provider.core.namespace import Namespace
from palette_backup_provider.core.own_settings import PALETTE

NAMESPACES: tuple[Namespace, ...] = (
    PALETTE,
    *(import_module(f"{clients.__name__}.{cloud}.settings").NAMESPACE for cloud in CLOUDS),
)
