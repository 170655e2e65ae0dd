"""What commands that talk to Palette share: how to reach it, and the locations of one scope."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.model import load_unchecked
from palette_backup_provider.core.own_settings import API_KEY, HOST, PALETTE, PROJECT
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.resources.palette.backup_location import BackupLocationHandler
from palette_backup_provider.resources.palette.location.answers import mark_of
from palette_backup_provider.resources.palette.location.calls import Locations
from palette_backup_provider.resources.palette.location.scope import scope_uid
from palette_backup_provider.resources.palette.location.state import BackupLocationState

Command = Callable[..., None]
NAMES = {
    **{key.name: f"${key.variables[0]}" for key in PALETTE.keys if key.variables},
    API_KEY.name: "the API key ($PALETTE_API_KEY, or that on standard input)",
    HOST.name: "--host or $PALETTE_HOST",
    PROJECT.name: "--project or $PALETTE_PROJECT",
}
"""What a person sets on the command line."""


class Scope:
    """The locations of one project, or the tenant's."""

    def __init__(self, run: Run, project: str | None, *, tenant: bool) -> None:
        self._handler = BackupLocationHandler(run)
        self._palette = run.client(PaletteClient)
        self._run = run
        if not (tenant or project or self._palette.default_project):
            raise ProviderError(
                "No project is set. Give --project, $PALETTE_PROJECT or --tenant. The API key can "
                f"see: {self._palette.project_names()}."
            )
        self.given = (
            {"scope": "tenant"} if tenant else {"project": project or self._palette.default_project}
        )
        """The arguments that put a location there."""
        self.uid = scope_uid(self._palette, self.given.get("scope"), self.given.get("project"))
        self.project = None if tenant else self._palette.project_name(self.uid)
        """Its project's name."""
        self.listed = self._palette.locations(self.uid)
        """What the list call tells of each location, by uid."""

    def location(self, uid: str) -> BackupLocationState:
        """All that Palette tells of one location."""
        if uid not in self.listed:
            where = "the tenant" if "scope" in self.given else f"project {self.given['project']}"
            raise ProviderError(
                f"Palette lists no location {uid} in {where}. `palette-backup list` shows what is "
                "there; --project and --tenant say where else to look. If none has it, it is gone."
            )
        return self._handler.read(uid, load_unchecked(BackupLocationState, self.given))

    def config(self, uid: str, kind: str) -> Any:
        """What Palette tells of a location's storage, word for word."""
        return Locations(self._palette, self.uid).get(uid, kind)["spec"]["config"]

    def clusters(self, uid: str) -> list[str]:
        """The names of the clusters that back up to a location."""
        return Locations(self._palette, self.uid).clusters(uid)

    def owner(self, uid: str) -> str | None:
        """The resource that manages a location, by its mark."""
        mark = mark_of(self.listed[uid])
        return mark.partition(":")[0] if mark else None

    def tenant(self) -> "Scope":
        """The tenant's own locations."""
        return Scope(self._run, None, tenant=True)


def scoped(command: Command) -> Command:
    """Gives `command` a function that opens the scope which its user asks for."""

    @click.option("--project", metavar="NAME", help="Project, by name or uid.  [$PALETTE_PROJECT]")
    @click.option("--tenant", is_flag=True, help="The tenant's locations, not a project's.")
    @click.option("--host", metavar="HOST", help="A self-hosted Palette.  [$PALETTE_HOST]")
    @wraps(command)
    def with_scope(project: str | None, tenant: bool, host: str | None, **rest: Any) -> None:
        def scope() -> Scope:
            if tenant and project:
                raise ProviderError("--tenant and --project exclude each other. Leave one out.")
            key = None if _in_environment() else _key()
            config = {HOST.name: host, API_KEY.name: key}
            settings = Settings(config.get, os.environ, names=NAMES)
            return Scope(Run(settings), project, tenant=tenant)

        try:
            command(scope, **rest)
        except ProviderError as error:
            raise click.ClickException(str(error)) from None

    return with_scope


def _in_environment() -> bool:
    return any(os.environ.get(name, "").strip() for name in API_KEY.variables)


def _key() -> str:
    """Asked for, or the first line of standard input: an argument shows in lists of processes."""
    if sys.stdin.isatty():
        return str(click.prompt("API key", hide_input=True, err=True))
    if key := sys.stdin.readline().strip():
        return key
    raise ProviderError("No API key. Set $PALETTE_API_KEY, or give it on standard input.")
