"""An application registration in Entra ID: what Palette signs in as."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import quote

from pulumi import Input, Output

from palette_backup_provider.clients import azure
from palette_backup_provider.clients.azure import AzureClient
from palette_backup_provider.core.errors import ApiError, GaveUp, NotFound, NotOurs
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.model import Computed, Derived, Named, Owned, Replaces, rule
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.azure.identity import Identity
from palette_backup_provider.resources.azure.mark import demand_ours, still_ours

NAME = rule(
    r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}",
    "1 to 120 letters, digits and ._-, beginning with a letter or digit",
)
IF_MISSING = {"Prefer": "create-if-missing"}
ENABLED = {"isDisabled": False}
DELETED = "/directory/deletedItems"
TAKEN = {"Request_MultipleObjectsWithSameKeyValue", "ConflictingObjects", "ObjectConflict"}
TAKEN_SAID = "same value for property uniqueName already exists"
"""How Graph says it under its generic code."""


@dataclass(kw_only=True)
class ApplicationArgs:
    """An application registration, found again by its unique name.

    Deleting it deletes it for good, with its service principal and secrets, where the operator may;
    else Entra ID keeps it for 30 days. One that was deactivated is activated by the next
    `pulumi up` that sees it.

    Args:
        name: 1 to 120 letters, digits and `._-`; the unique name and the display name. Default:
            made from the resource's name. A change replaces the application.
        identity: The tenant. Default: the stack's. Another one replaces the application.
    """

    name: Input[str] | None = None
    identity: Input[Identity] | None = None


class State(Owned):
    identity: azure.Identity | None = None
    name: Annotated[str, Replaces(), Named(64), NAME]
    tenant_id: Annotated[str, Derived()] = ""
    enabled: Annotated[bool, Derived()] = True
    client_id: Annotated[str, Computed()] = ""


class ApplicationHandler(Handler[AzureClient, State]):
    realm = "Entra tenant"
    patience: ClassVar[Patience] = Patience(20)
    """For a deleted application to arrive where it can be deleted for good, and for its name."""

    def whoami(self) -> str:
        return self.client.tenant()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {"tenant_id": lambda: want.made_under, "enabled": lambda: True}

    def create(self, want: State) -> Created[State]:
        want = want.born()
        path = f"/applications(uniqueName='{quote(want.name)}')"
        body = {"displayName": want.name, "notes": want.mark, "signInAudience": "AzureADMyOrg"}
        try:
            found = self.client.graph("GET", path)
        except NotFound:
            found = self._made(want, path, body)
        self._demand_ours(want, found)
        if found.get("notes") != want.mark:
            self._patch(found["id"], {"notes": want.mark})
        if found.get("isDisabled"):
            self._patch(found["id"], ENABLED)
        return Created(found["id"], want.model_copy(update={"client_id": found["appId"]}))

    def read(self, id: str, have: State) -> State:
        found = self.client.graph("GET", f"/applications/{id}")
        tenant = self.whoami()
        return have.model_copy(
            update={
                "made_under": tenant,
                "name": have.name or found.get("uniqueName") or found["displayName"],
                "tenant_id": tenant,
                "enabled": not found.get("isDisabled"),
                "client_id": found["appId"],
            }
        )

    def update(self, id: str, have: State, want: State) -> State:
        if want.owner != have.owner:
            self._patch(id, {"notes": want.mark})
        if not have.enabled:
            self._patch(id, ENABLED)
        return want

    def delete(self, id: str, have: State) -> None:
        found = self.client.graph("GET", f"/applications/{id}")
        if not still_ours(have, found.get("notes")):
            return
        with suppress(NotFound):  # a repeat, as the answer was lost; it is still to be purged
            self.client.graph("DELETE", f"/applications/{id}")
        with suppress(GaveUp, ApiError):  # it goes by itself after 30 days
            self.patience.until(
                lambda: self.client.graph("DELETE", f"{DELETED}/{id}"),
                lambda error: isinstance(error, NotFound),
                f"{have.logical}: waiting for Entra ID to delete the application",
            )

    def _patch(self, id: str, body: Mapping[str, Any]) -> None:
        self.client.graph("PATCH", f"/applications/{id}", body)

    def _made(self, want: State, path: str, body: dict[str, Any]) -> Any:
        """The new application. It can be asked for again, as it is made only if it is missing."""
        purged: list[str] = []

        def not_yet(error: BaseException) -> bool:
            if not _taken(error):
                return False
            purged.extend(self._purged(want))
            return bool(purged)

        try:
            made = self.patience.until(
                lambda: self.client.graph("PATCH", path, body, IF_MISSING),
                not_yet,
                f"{want.logical}: waiting for Entra ID to free the name {want.name}",
            )
        except (ApiError, GaveUp) as error:
            if isinstance(error, ApiError) and not _taken(error):
                raise
            raise NotOurs(
                f"The application name {want.name} is taken, most likely by a deleted application "
                f"that Entra ID still keeps. Choose another name, or delete it for good."
            ) from None
        return made or self.client.graph("GET", path)

    def _purged(self, want: State) -> list[str]:
        """Delete for good what an interrupted run of this very resource has deleted."""
        name = want.name.replace("'", "''")
        path = f"{DELETED}/microsoft.graph.application?$filter=displayName eq '{quote(name)}'"
        try:
            found = self.client.graph("GET", path)["value"]
        except ApiError as error:
            if error.unclear:
                raise
            return []  # who may make applications need not be allowed to see deleted ones
        ours = [one["id"] for one in found if want.owns(one.get("notes"))]
        for id in ours:
            with suppress(NotFound):
                self.client.graph("DELETE", f"{DELETED}/{id}")
        return ours

    def _demand_ours(self, want: State, found: Mapping[str, Any]) -> None:
        bring = f"To use it as it is, bring it with existing_client_id={found['appId']!r}."
        demand_ours(want, found.get("notes"), f"The application {want.name}", bring)


def _taken(error: BaseException) -> bool:
    return isinstance(error, ApiError) and (error.code in TAKEN or TAKEN_SAID in str(error))


class Application(Resource[ApplicationArgs], handler=ApplicationHandler):
    """An application registration; its id is its object id, `client_id` its application id."""

    name: Output[str]
    tenant_id: Output[str]
    enabled: Output[bool]
    client_id: Output[str]
