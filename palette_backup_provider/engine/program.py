"""The run of the program itself, for look-ups; resources are served by another process."""

import os
from functools import cache

from pulumi import get_project
from pulumi.runtime import get_config
from pulumi.runtime.config import CONFIG, get_config_env

from palette_backup_provider.core.own_settings import PALETTE
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings


@cache
def run_of_program() -> Run:
    """A run with the settings of the running program's stack."""
    keys = [*CONFIG.get(), *get_config_env()]
    own = f"{get_project()}:"
    found = frozenset(key for key in keys if not key.startswith(own))
    settings = Settings(get_config, os.environ, found)
    PALETTE.demand_known(settings)
    return Run(settings)
