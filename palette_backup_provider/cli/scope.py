"""What commands that talk to Palette share: how to reach it, and the locations of one scope."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from palette_backup_provider.clients.palette import PaletteClient
from palette_backup_provider.clients.refusal import KEY_VARIABLES
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.handler import Clients
from palette_backup_provider.core.model import recalled
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.resources.palette.backup_location import BackupLocationHandler, State
from palette_backup_provider.resources.palette.locations import Locations, mark
from palette_backup_provider.resources.palette.scope import scope_uid

Command = Callable[..., None]


class Scope:
    """The locations of one project, or the tenant's."""

    def __init__(self, clients: Clients, project: str | None, *, tenant: bool) -> None:
        self._handler = BackupLocationHandler(clients)
        self._palette = clients(PaletteClient)
        self._clients = clients
        if not (tenant or project or self._palette.default_project):
            raise ProviderError("No project is set. Give --project, $PALETTE_PROJECT or --tenant.")
        self.given = (
            {"scope": "tenant"} if tenant else {"project": project or self._palette.default_project}
        )
        """The arguments that put a location there."""
        self.uid = scope_uid(self._palette, self.given.get("scope"), self.given.get("project"))
        self.listed = self._palette.locations(self.uid)
        """What the list call tells of each location, by uid."""

    def location(self, uid: str) -> State:
        """All that Palette tells of one location."""
        if uid not in self.listed:
            where = "the tenant" if "scope" in self.given else f"project {self.given['project']}"
            raise ProviderError(
                f"Palette lists no location {uid} in {where}. `palette-backup list` shows what is "
                "there; --project and --tenant say where else to look. If none has it, it is gone."
            )
        return self._handler.read(uid, recalled(State, self.given))

    def clusters(self, uid: str) -> list[str]:
        """The names of the clusters that back up to a location."""
        return Locations(self._palette, self.uid).clusters(uid)

    def owner(self, uid: str) -> str | None:
        """The resource that manages a location, by its mark."""
        told = mark(self.listed[uid])
        return told.partition(":")[0] if told else None

    def tenant(self) -> "Scope":
        """The tenant's own locations."""
        return Scope(self._clients, None, tenant=True)


def scoped(command: Command) -> Command:
    """Gives `command` a function that opens the scope which its user asks for."""

    @click.option("--project", metavar="NAME", help="Project, by name or uid.  [$PALETTE_PROJECT]")
    @click.option("--tenant", is_flag=True, help="The tenant's locations, not a project's.")
    @click.option("--host", metavar="HOST", help="A self-hosted Palette.  [$PALETTE_HOST]")
    @wraps(command)
    def told(project: str | None, tenant: bool, host: str | None, **rest: Any) -> None:
        def scope() -> Scope:
            if tenant and project:
                raise ProviderError("--tenant and --project exclude each other.")
            config = {"palette:host": host, "palette:apiKey": None if _in_environment() else _key()}
            return Scope(Clients(Settings(config.get, os.environ)), project, tenant=tenant)

        try:
            command(scope, **rest)
        except ProviderError as error:
            raise click.ClickException(str(error)) from None

    return told


def _in_environment() -> bool:
    return any(os.environ.get(name) for name in KEY_VARIABLES)


def _key() -> str:
    """Asked for, or the first line of standard input: an argument shows in lists of processes."""
    if sys.stdin.isatty():
        return str(click.prompt("API key", hide_input=True, err=True))
    if key := sys.stdin.readline().strip():
        return key
    raise ProviderError("No API key. Set $PALETTE_API_KEY, or give it on standard input.")
