"""Opens a case: whose settings count, and which clouds are in use."""

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.doctor.case import Case
from palette_backup_provider.doctor.cloud import Cloud
from palette_backup_provider.doctor.clouds import BY_WORD, CLOUDS
from palette_backup_provider.doctor.stack import Stack, project_file, read


def opened(name: str | None, *, with_stack: bool, timeout: float) -> Case:
    """The case of the stack of that name, or of the stack that is selected in this folder.

    Without a stack, and where none is wanted, the environment counts alone.
    """
    project = project_file(Path.cwd()) if with_stack else None
    if project is None and name:
        return case_of(None, f"there is no Pulumi.yaml here, so there is no stack {name}", timeout)
    if project is None:
        return case_of(None, "", timeout)
    try:
        return case_of(read(name, project, timeout), "", timeout)
    except ProviderError as error:
        return case_of(None, str(error), timeout)


def case_of(stack: Stack | None, unread: str, timeout: float) -> Case:
    """The case of a stack that is read, or of the environment; `unread` says why there is none."""
    config: Mapping[str, str] = stack.config if stack else {}
    own = f"{stack.project}:" if stack else ":"
    if stack:
        os.environ.update(stack.variables)  # the clouds' libraries read them there
    keys = frozenset(key for key in config if not key.startswith(own))
    settings = Settings(config.get, os.environ, keys)
    return Case(settings, stack, unread, clouds=_in_use(stack, settings), timeout=timeout)


def _in_use(stack: Stack | None, settings: Settings) -> tuple[str, ...]:
    """The clouds of the stack's resources, else those of settings, else those of extras."""
    recorded = {resource.cloud for resource in stack.resources} if stack else set()
    if clouds := tuple(word for word in BY_WORD if word in recorded):
        return clouds
    if clouds := tuple(cloud.word for cloud in CLOUDS if _is_set_up(cloud, settings)):
        return clouds
    return tuple(cloud.word for cloud in CLOUDS if _installed(cloud.module))


def _is_set_up(cloud: Cloud, settings: Settings) -> bool:
    """Whether stack config has its namespace, or something signs in to it."""
    configured = any(key.startswith(f"{cloud.namespace.word}:") for key in settings.keys)
    return configured or any(settings.get(*key.places) for key in cloud.keys)


def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of the package that it would be in
        return False
