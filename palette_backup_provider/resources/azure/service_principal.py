"""A service principal: an application in its tenant, to which roles are given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pulumi import Input, Output

from palette_backup_provider.clients import azure
from palette_backup_provider.clients.azure import AzureClient, Guid
from palette_backup_provider.core.errors import ApiError, GaveUp, NotFound
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.model import Computed, Derived, Prerequisite, Unchangeable
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.azure.identity import Identity
from palette_backup_provider.resources.azure.mark import demand_ours, still_ours

IF_MISSING = {"Prefer": "create-if-missing"}
ENABLED = {"accountEnabled": True}
NOT_YET = {"NoBackingApplicationObject", "Request_ResourceNotFound"}
NOT_YET_SAID = ("does not reference a valid application object", "must in the local tenant")
"""How Graph says it under a code that is not its own: the second with 403, as if it were denied."""


@dataclass(kw_only=True)
class ServicePrincipalArgs:
    """The service principal of one application.

    One whose sign-in was disabled is enabled by the next `pulumi up` that sees it.

    Args:
        client_id: The application (client) id. A change replaces the service principal.
        identity: The tenant. Default: the stack's. Another one replaces the service principal.
        existing: Brings the service principal of that application instead of making one: it is
            read, and never changed or deleted; not one that this very resource made. Default:
            false.
    """

    client_id: Input[str]
    identity: Input[Identity] | None = None
    existing: Input[bool] | None = None


class State(Prerequisite):
    identity: azure.Identity | None = None
    client_id: Unchangeable[Guid]
    enabled: Annotated[bool, Derived()] = True
    principal_id: Annotated[str, Computed()] = ""


class ServicePrincipalHandler(Handler[AzureClient, State]):
    realm = "Entra tenant"
    signs_in = "client_id", "existing_client_id"
    patience: ClassVar[Patience] = Patience(120)
    """For an application made a moment ago."""
    knowing: ClassVar[Patience] = Patience(20)
    """For a service principal brought a moment after it was made; a wrong id waits as long."""

    def whoami(self) -> str:
        return self.client.tenant()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {"enabled": lambda: True}

    def bring(self, want: State) -> str:
        doing = f"{want.logical}: waiting for Entra ID to know the application {want.client_id}"
        try:
            return str(self.knowing.until(lambda: self._of(want), _absent, doing)["id"])
        except ApiError as error:
            if error.status != 403:
                raise
            return want.client_id  # not of these credentials, it need not let them look
        except GaveUp:
            raise NotFound(
                f"There is no service principal of the application {want.client_id} in the tenant "
                f"{self.whoami()}. Check the client id (not the object id), and whether the "
                f"credentials are of the tenant that it is in."
            ) from None

    def create(self, want: State) -> Created[State]:
        want = want.born()
        try:
            found = self._of(want)
        except NotFound:
            found = self._made(want)
        what = f"The service principal of the application {want.client_id}"
        bring = f"To use it as it is, leave it out and give its id {found['id']} where it is used."
        demand_ours(want, found.get("notes"), what, bring)
        if found.get("notes") != want.mark:
            self._patch(found["id"], {"notes": want.mark})
        if found.get("accountEnabled") is False:
            self._patch(found["id"], ENABLED)
        return Created(found["id"], want.model_copy(update={"principal_id": found["id"]}))

    def read(self, id: str, have: State) -> State:
        found = self.client.graph("GET", f"/servicePrincipals/{id}")
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "client_id": found["appId"],
                "enabled": found.get("accountEnabled") is not False,
                "principal_id": id,
            }
        )

    def update(self, id: str, have: State, want: State) -> State:
        if want.owner != have.owner:
            self._patch(id, {"notes": want.mark})
        if not have.enabled:
            self._patch(id, ENABLED)
        return want

    def delete(self, id: str, have: State) -> None:
        found = self.client.graph("GET", f"/servicePrincipals/{id}")
        if still_ours(have, found.get("notes")):
            self.client.graph("DELETE", f"/servicePrincipals/{id}")

    def _of(self, want: State) -> Any:
        return self.client.graph("GET", _path(want))

    def _made(self, want: State) -> Any:
        """The new one. It can be asked for again, as it is made only if it is missing."""
        made = self.patience.until(
            lambda: self.client.graph("PATCH", _path(want), {"notes": want.mark}, IF_MISSING),
            _not_yet,
            f"{want.logical}: waiting for Entra ID to know the application {want.client_id}",
        )
        return made or self._of(want)

    def _patch(self, id: str, body: Mapping[str, Any]) -> None:
        self.client.graph("PATCH", f"/servicePrincipals/{id}", body)


def _not_yet(error: BaseException) -> bool:
    """Whether Graph may only not know the application yet."""
    if not isinstance(error, ApiError):
        return False
    return error.code in NOT_YET or any(said in str(error) for said in NOT_YET_SAID)


def _path(want: State) -> str:
    return f"/servicePrincipals(appId='{want.client_id}')"


def _absent(error: BaseException) -> bool:
    return isinstance(error, NotFound)


class ServicePrincipal(Resource[ServicePrincipalArgs], handler=ServicePrincipalHandler):
    """A service principal; its id, and `principal_id`, is its object id.

    The `principal_id` of one that was brought is not repeated here.
    """

    client_id: Output[str]
    enabled: Output[bool]
    principal_id: Output[str]
