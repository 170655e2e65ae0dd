"""What a tenant holds: applications with their secrets, and service principals."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

from palette_backup_provider.sandbox.azure.http import Body, guid, timestamp


@dataclass
class Secret:
    """A password credential; its text is shown once."""

    name: str | None
    ends: datetime
    made: float
    key_id: str = field(default_factory=guid)
    text: str = field(default_factory=lambda: secrets.token_urlsafe(30))
    starts: datetime = field(default_factory=lambda: datetime.now(UTC))

    def body(self) -> Body:
        """As Graph shows it."""
        return {
            "customKeyIdentifier": None,
            "displayName": self.name,
            "endDateTime": timestamp(self.ends),
            "hint": self.text[:3],
            "keyId": self.key_id,
            "secretText": None,
            "startDateTime": timestamp(self.starts),
        }


@dataclass
class Application:
    """An application registration."""

    tenant: str
    said: Body
    """What the caller may set."""
    unique_name: str | None = None
    secrets: list[Secret] = field(default_factory=list)
    federated: set[str] = field(default_factory=set)
    """The tokens of another identity provider that it trusts; a cloud would judge their claims."""
    id: str = field(default_factory=guid)
    app_id: str = field(default_factory=guid)
    created: str = field(default_factory=timestamp)
    known: bool = False
    """Whether all servers know it: the first look for it fails."""

    def body(self) -> Body:
        """As Graph shows it."""
        return {
            "id": self.id,
            "appId": self.app_id,
            "uniqueName": self.unique_name,
            "createdDateTime": self.created,
            "isDisabled": None,
            "deletedDateTime": None,
            "displayName": None,
            "notes": None,
            "signInAudience": "AzureADMyOrg",
            "tags": [],
            **self.said,
            "passwordCredentials": [secret.body() for secret in self.secrets],
            "keyCredentials": [],
        }


@dataclass
class Principal:
    """A service principal: the application in its tenant."""

    application: Application
    said: Body
    id: str = field(default_factory=guid)
    known: bool = False
    """Whether all servers know it: the first look for it fails."""
    graph_roles: tuple[str, ...] = ()
    """The application permissions of Graph that an administrator granted it."""

    def body(self) -> Body:
        """As Graph shows it."""
        return {
            "id": self.id,
            "appId": self.application.app_id,
            "displayName": self.application.said.get("displayName"),
            "accountEnabled": True,
            "appOwnerOrganizationId": self.application.tenant,
            "notes": None,
            "servicePrincipalType": "Application",
            "tags": [],
            **self.said,
        }


@dataclass(frozen=True)
class Caller:
    """Whom a token stands for."""

    tenant: str
    principal: Principal
    audience: str
