"""The clients of the program itself, for look-ups; resources are served by another process."""

import os
from functools import cache

from pulumi.runtime import get_config

from palette_backup_provider.core.handler import Clients
from palette_backup_provider.core.settings import Settings


@cache
def clients() -> Clients:
    """Clients with the settings of the running program's stack."""
    return Clients(Settings(get_config, os.environ))
