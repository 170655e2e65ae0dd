"""Where a location is: in a project, or in the tenant for all projects."""

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core.errors import MissingSetting, ProviderError

TENANT = "tenant"
NO_SCOPE = (
    "project: no project is set. Give the location project=, or set palette:project with "
    "`pulumi config set palette:project` or $PALETTE_PROJECT, or give it scope='tenant'"
)


def scope_uid(palette: PaletteClient, scope: str | None, project: str | None) -> str:
    """The uid of the project that is meant, empty for the tenant."""
    if scope == TENANT:
        if project:
            raise ProviderError("scope: 'tenant' and a project exclude each other. Leave one out.")
        return ""
    if name := project or palette.default_project:
        return palette.project_uid(name)
    raise MissingSetting(f"{NO_SCOPE}. The API key can see: {palette.project_names()}")
