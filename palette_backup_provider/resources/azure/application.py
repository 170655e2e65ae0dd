"""An application registration in Entra ID. Palette signs in as this application."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import quote

from pulumi import Input, Output

from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.core.errors import ApiError, NotFound, NotOwned, WaitTimedOut
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.markers import AutoNamed, Computed, Derived, Replaces
from palette_backup_provider.core.model import Owned, matches
from palette_backup_provider.core.ownership import demand_ours, still_ours, tell_reclaimed
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.azure.arm.scopes import GUID
from palette_backup_provider.resources.azure.identity import AzureState, InTenant, TenantArgs
from palette_backup_provider.resources.azure.inits import ApplicationInit
from palette_backup_provider.resources.azure.mark import NOTES

NAME = matches(
    r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}",
    "1 to 120 letters, digits and ._-, beginning with a letter or digit",
)
IF_MISSING = {"Prefer": "create-if-missing"}
ENABLED = {"isDisabled": False}
DELETED = "/directory/deletedItems"
TAKEN = {"Request_MultipleObjectsWithSameKeyValue", "ConflictingObjects", "ObjectConflict"}
TAKEN_SAID = "same value for property uniqueName already exists"
"""How Graph says it under its generic code."""


@documented
@dataclass(kw_only=True)
class ApplicationArgs(TenantArgs):
    """An application registration, found again by its unique name.

    A deletion is final if the operator may do that, and takes the service principal and the secrets
    along. Otherwise Entra ID keeps the application for 30 days. If it was deactivated, the next
    `pulumi up` that sees it activates it.

    Args:
        name: 1 to 120 letters, digits and `._-`; the unique name and the display name. Default:
            made from the resource's name. A change replaces the application.
    """

    name: Input[str] | None = None


class ApplicationState(AzureState, Owned):
    name: Annotated[str, Replaces(), AutoNamed(64), NAME]
    tenant_id: Annotated[str, Derived()] = ""
    """The tenant of the application."""
    enabled: Annotated[bool, Derived()] = True
    """Whether the application may sign in; false only where another hand forbade it."""
    client_id: Annotated[str, Computed()] = ""
    """The client id of the application, which Palette signs in with."""


class ApplicationHandler(InTenant, Handler[AzureClient, ApplicationState]):
    patience: ClassVar[Patience] = Patience(20)
    """For a deleted application to arrive where it can be deleted for good, and for its name."""

    def derive(self, want: ApplicationState) -> Mapping[str, Callable[[], Any]]:
        return {"tenant_id": lambda: want.made_under, "enabled": lambda: True}

    def place(self, want: ApplicationState) -> str:
        return str(self.client.graph("GET", _named(want.name))["id"])

    def create(self, want: ApplicationState) -> Created[ApplicationState]:
        want = want.with_new_incarnation()
        path = _named(want.name)
        body = {"displayName": want.name, "notes": want.mark, "signInAudience": "AzureADMyOrg"}
        try:
            application = self.client.graph("GET", path)
        except NotFound:
            application = self._made(want, path, body)
        self._reclaim(want, application)
        if application.get("isDisabled"):
            self._patch(application["id"], ENABLED)
        return Created(
            application["id"], want.model_copy(update={"client_id": application["appId"]})
        )

    def read(self, id: str, have: ApplicationState) -> ApplicationState:
        application = self.client.graph("GET", f"/applications/{id}")
        tenant = self.whoami()
        return have.model_copy(
            update={
                "made_under": tenant,
                "name": have.name or application.get("uniqueName") or application["displayName"],
                "tenant_id": tenant,
                "enabled": not application.get("isDisabled"),
                "held_by": self.notation.holder(have, application.get("notes")),
                "client_id": application["appId"],
            }
        )

    def locate(self, id: str) -> Created[ApplicationState]:
        """By its object id, its application id or its unique name."""
        if not re.fullmatch(GUID, id):
            return super().locate(self.client.graph("GET", _named(id))["id"])
        try:
            return super().locate(id)
        except NotFound:
            return super().locate(self.client.graph("GET", f"/applications(appId='{id}')")["id"])

    def update(self, id: str, have: ApplicationState, want: ApplicationState) -> ApplicationState:
        if want.remarks(have):
            self._patch(id, {"notes": want.mark})
        if not have.enabled:
            self._patch(id, ENABLED)
        return want

    def delete(self, id: str, have: ApplicationState) -> None:
        application = self.client.graph("GET", f"/applications/{id}")
        what = f"the application {have.name}"
        if not still_ours(self, id, have, application.get("notes"), what, NOTES):
            return
        with suppress(NotFound):  # an earlier call deleted it; purge it still
            self.client.graph("DELETE", f"/applications/{id}")
        with suppress(WaitTimedOut, ApiError):  # it goes by itself after 30 days
            self.patience.until(
                lambda: self.client.graph("DELETE", f"{DELETED}/{id}"),
                lambda error: isinstance(error, NotFound),
                f"{have.logical}: waiting for Entra ID to delete the application",
            )

    def _patch(self, id: str, body: Mapping[str, Any]) -> None:
        self.client.graph("PATCH", f"/applications/{id}", body)

    def _made(self, want: ApplicationState, path: str, body: dict[str, Any]) -> Any:
        """Make the application. The call can be repeated, as it makes only a missing
        application."""
        purged: list[str] = []

        def not_yet(error: BaseException) -> bool:
            if not _taken(error):
                return False
            purged.extend(self._purged(want))
            return bool(purged)

        try:
            created = self.patience.until(
                lambda: self.client.graph("PATCH", path, body, IF_MISSING),
                not_yet,
                f"{want.logical}: waiting for Entra ID to free the name {want.name}",
            )
        except (ApiError, WaitTimedOut) as error:
            if isinstance(error, ApiError) and not _taken(error):
                raise
            raise NotOwned(
                f"The application name {want.name} is taken, most likely by a deleted application "
                f"that Entra ID still keeps. Choose another name, or delete it for good."
            ) from None
        return created or self.client.graph("GET", path)

    def _purged(self, want: ApplicationState) -> list[str]:
        """Delete for good the applications that an interrupted run of this resource deleted."""
        name = want.name.replace("'", "''")
        path = f"{DELETED}/microsoft.graph.application?$filter=displayName eq '{quote(name)}'"
        try:
            deleted = self.client.graph("GET", path)["value"]
        except ApiError as error:
            if error.unclear:
                raise
            return []  # who may make applications need not be allowed to see deleted ones
        # a deleted application is held by no state
        ours = [
            application["id"]
            for application in deleted
            if self.notation.same_resource(want, application.get("notes"))
        ]
        for id in ours:
            with suppress(NotFound):
                self.client.graph("DELETE", f"{DELETED}/{id}")
        return ours

    def _reclaim(self, want: ApplicationState, application: Mapping[str, Any]) -> None:
        """Reclaim the object that an interrupted run of this resource made."""
        mark, what = application.get("notes"), f"the application {want.name}"
        client_id = application["appId"]
        own = f"existing=True, client_id={client_id!r} of azure.ServicePrincipal"
        way_out = self.use_existing(want, client_id, own)
        demand_ours(self, want, mark, what, way_out)
        tell_reclaimed(self, want, mark, what)
        if mark != want.mark:
            self._patch(application["id"], {"notes": want.mark})


def _named(name: str) -> str:
    return f"/applications(uniqueName='{quote(name)}')"


def _taken(error: BaseException) -> bool:
    return isinstance(error, ApiError) and (error.code in TAKEN or TAKEN_SAID in str(error))


class Application(ApplicationInit, Resource[ApplicationArgs], handler=ApplicationHandler):
    """An application registration; its id is its object id, `client_id` its application id."""

    name: Output[str]
    tenant_id: Output[str]
    enabled: Output[bool]
    client_id: Output[str]
