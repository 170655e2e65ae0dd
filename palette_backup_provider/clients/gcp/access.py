"""As whom to call Google Cloud by the settings, and what stands with every call."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from palette_backup_provider.clients.gcp import settings as gcp
from palette_backup_provider.core.namespace import Key
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.settings import Settings

SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)


@dataclass(frozen=True)
class Access:
    """Without a token and credentials it is that of Application Default Credentials."""

    token: str | None = field(default=None, repr=False)
    credentials: str | None = field(default=None, repr=False)
    """JSON, or the path of a file of it."""
    impersonate: str | None = None
    delegates: tuple[str, ...] = ()
    scopes: tuple[str, ...] = SCOPES
    reason: str | None = None
    charged: bool = False
    """Whether calls are charged to a project that is named with them."""
    billing_project: str | None = None

    @classmethod
    def read(cls, settings: Settings) -> Self:
        """What the settings say. Variables count only if stack config has neither of the two."""
        keys = (gcp.ACCESS_TOKEN, gcp.CREDENTIALS)
        token, credentials = (settings.get(key.name) for key in keys)
        if not (token or credentials):
            token, credentials = (settings.get(*key.places) for key in keys)
        if credentials and not _is_file(credentials):
            remember(credentials)
        return cls(
            token=token,
            credentials=None if token else credentials,
            impersonate=settings.get(*gcp.IMPERSONATE.places),
            delegates=tuple(settings.items(*gcp.DELEGATES.places)),
            scopes=tuple(settings.items(*gcp.SCOPES.places)) or SCOPES,
            reason=settings.get(*gcp.REQUEST_REASON.places),
            charged=settings.flag(*gcp.USER_PROJECT_OVERRIDE.places),
            billing_project=settings.get(*gcp.BILLING_PROJECT.places),
        )

    @property
    def where(self) -> str:
        """What the credentials are called by whoever set them."""
        key: Key | None = gcp.ACCESS_TOKEN if self.token else None
        key = gcp.CREDENTIALS if self.credentials else key
        return key.name if key else "Application Default Credentials"

    def headers(self, project: str | None) -> Mapping[str, str]:
        """What stands with every call of somebody who works in `project`."""
        charged = (self.billing_project or project) if self.charged else None
        headers = {"X-Goog-User-Project": charged, "X-Goog-Request-Reason": self.reason}
        return {name: value for name, value in headers.items() if value}


def _is_file(text: str) -> bool:
    with suppress(OSError, ValueError):  # of what can be no path
        return Path(text).expanduser().is_file()
    return False
