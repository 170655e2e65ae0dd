"""The run of the program itself, for look-ups; resources are served by another process.

The plugin looks up for programs in other languages, in the run that the engine configured.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from pulumi import get_project
from pulumi.runtime import get_config
from pulumi.runtime.config import CONFIG, get_config_env

from palette_backup_provider.core.own_settings import PALETTE
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings

_served: ContextVar[Run | None] = ContextVar("served", default=None)


@contextmanager
def serving(run: Run) -> Iterator[None]:
    """Look up in that run, for the program that it serves."""
    before = _served.set(run)
    try:
        yield
    finally:
        _served.reset(before)


def run_of_program() -> Run:
    """A run with the settings of the program's stack."""
    return _served.get() or run_of_stack()


@cache
def run_of_stack() -> Run:
    """The one run of a program that runs in this process."""
    keys = [*CONFIG.get(), *get_config_env()]
    own = f"{get_project()}:"
    package_keys = frozenset(key for key in keys if not key.startswith(own))
    settings = Settings(get_config, os.environ, package_keys)
    PALETTE.demand_known(settings)
    return Run(settings)
