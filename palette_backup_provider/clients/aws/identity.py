"""Whose credentials of AWS to use."""

from palette_backup_provider.core.model import Model


class Identity(Model):
    """Whose credentials to use instead of the process's own."""

    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
