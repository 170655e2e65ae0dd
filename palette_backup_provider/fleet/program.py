"""A program of one line: every location of an inventory."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pulumi import Config, Output, RunError

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.components.component import Component
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.settings import SECRET
from palette_backup_provider.engine.program import run_of_program
from palette_backup_provider.fleet.document import BadInventory, Mistake
from palette_backup_provider.fleet.inventory import Inventory, load


def declare(file: str | Path = "fleet.yaml") -> dict[str, Component[Any]]:
    """Declare each location of the inventory in `file`, which the program's folder has.

    A location's logical name is `project/name`, or `name` of one of the tenant; the answer has the
    component of each. So the order in the file means nothing. Raises RunError with every mistake,
    each with its line and column, also for a project that Palette does not have.
    """
    try:
        inventory = load(file)
        inventory.document.demand_none(_unseen(inventory))
    except (BadInventory, ProviderError) as error:
        raise RunError(str(error)) from None
    return {
        location.name: location.cloud.component(location.name, _opened(location.args))
        for location in inventory.locations
    }


def _unseen(inventory: Inventory) -> Iterator[Mistake]:
    """The projects that Palette does not have."""
    palette = run_of_program().client(PaletteClient)
    for project in dict.fromkeys(location.project for location in inventory.locations):
        if project and not palette.sees(project):
            seen = palette.project_names()
            reason = f"Palette has no such project that the API key can see. It can see: {seen}"
            yield Mistake(("projects", project), reason)


def _opened(args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments, with secrets in the place of their keys."""
    opened = dict(args)
    for name, value in args.items():
        if isinstance(value, Mapping):
            opened[name] = _secret(**value) if SECRET.search(name) else _opened(value)
    return opened


def _secret(secret: str) -> Output[str]:
    """The secret of that key in the stack's config; without a namespace, the project's."""
    namespace, _, name = secret.rpartition(":")
    return Config(namespace or None).require_secret(name)
