"""Where in Azure to act."""

from typing import Annotated

from palette_backup_provider.core.model import Model, matches

Guid = Annotated[
    str,
    matches(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "a GUID, 8-4-4-4-12 hex digits"),
]


class Identity(Model):
    """Where to act instead of in the process's own tenant and subscription."""

    subscription: Guid | None = None
    tenant: Guid | None = None
