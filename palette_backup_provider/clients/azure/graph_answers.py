"""What is read of the answers of Microsoft Graph, by method and path."""

from typing import Annotated

from pydantic import Field

from palette_backup_provider.clients.rest.answers import ABSENT, UNREAD, Moment, Name, Routes, Shape


class Secret(Shape):
    keyId: Name
    displayName: str | None = None
    startDateTime: Moment
    endDateTime: Moment


class NewSecret(Shape):
    keyId: Name
    endDateTime: Moment
    secretText: Annotated[str, Field(min_length=1)]


class Application(Shape):
    id: Name
    appId: Name
    displayName: str
    uniqueName: str | None = None
    notes: str | None = None
    isDisabled: bool | None = None
    tags: list[str] = ABSENT
    passwordCredentials: list[Secret]


class Principal(Shape):
    id: Name
    appId: Name
    notes: str | None = None
    accountEnabled: bool | None = None


class Deleted(Shape):
    id: Name
    notes: str | None = None


class DeletedItems(Shape):
    value: list[Deleted]


GRAPH = Routes(
    {
        "GET /v1.0/applications(uniqueName='{name}')": Application,
        "PATCH /v1.0/applications(uniqueName='{name}')": Application | None,
        "GET /v1.0/applications(appId='{id}')": Application,
        "PATCH /v1.0/applications(appId='{id}')": UNREAD,
        "POST /v1.0/applications(appId='{id}')/addPassword": NewSecret,
        "POST /v1.0/applications(appId='{id}')/removePassword": UNREAD,
        "GET /v1.0/applications/{id}": Application,
        "PATCH /v1.0/applications/{id}": UNREAD,
        "DELETE /v1.0/applications/{id}": UNREAD,
        "GET /v1.0/servicePrincipals(appId='{id}')": Principal,
        "PATCH /v1.0/servicePrincipals(appId='{id}')": Principal | None,
        "GET /v1.0/servicePrincipals/{id}": Principal,
        "PATCH /v1.0/servicePrincipals/{id}": UNREAD,
        "DELETE /v1.0/servicePrincipals/{id}": UNREAD,
        "GET /v1.0/directory/deletedItems/microsoft.graph.application": DeletedItems,
        "DELETE /v1.0/directory/deletedItems/{id}": UNREAD,
    }
)
