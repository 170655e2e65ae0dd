"""Where a location is: in a project, or in the tenant for all projects."""

from palette_backup_provider.clients.palette import PaletteClient
from palette_backup_provider.core.errors import MissingSetting, ProviderError

NO_SCOPE = (
    "project: no project is set. Give the location project=, or set palette:project with "
    "`pulumi config set palette:project` or $PALETTE_PROJECT, or give it scope='tenant'"
)


def scope_uid(palette: PaletteClient, scope: str | None, project: str | None) -> str:
    """The uid of the project that is meant, empty for the tenant."""
    if scope == "tenant":
        if project:
            raise ProviderError("scope: 'tenant' and a project exclude each other")
        return ""
    if name := project or palette.default_project:
        return palette.project_uid(name)
    raise MissingSetting(NO_SCOPE)
