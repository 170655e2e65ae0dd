"""A service principal: an application in its tenant, to which roles are given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pulumi import Input, Output

from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.clients.azure.identity import Guid
from palette_backup_provider.core.capabilities import UsesExisting
from palette_backup_provider.core.errors import ApiError, NotFound, WaitTimedOut
from palette_backup_provider.core.handler import Created
from palette_backup_provider.core.markers import Computed, Derived, Unchangeable
from palette_backup_provider.core.model import Prerequisite
from palette_backup_provider.core.ownership import demand_ours, still_ours, tell_reclaimed
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.azure.identity import AzureState, InTenant, TenantArgs
from palette_backup_provider.resources.azure.inits import ServicePrincipalInit
from palette_backup_provider.resources.azure.mark import NOTES

IF_MISSING = {"Prefer": "create-if-missing"}
ENABLED = {"accountEnabled": True}
NOT_YET = {"NoBackingApplicationObject", "Request_ResourceNotFound"}
NOT_YET_SAID = ("does not reference a valid application object", "must in the local tenant")
"""The same in messages with another code; the second comes with 403, as if access were denied."""


@documented
@dataclass(kw_only=True)
class ServicePrincipalArgs(TenantArgs):
    """The service principal of one application.

    If its sign-in was disabled, the next `pulumi up` that sees it enables it.

    Args:
        client_id: The application (client) id. A change replaces the service principal.
        existing: Whether to use the existing service principal of that application. It is read, and
            never changed or deleted. A service principal that this resource made is refused.
            Default: false.
    """

    client_id: Input[str]
    existing: Input[bool] | None = None


class ServicePrincipalState(AzureState, Prerequisite):
    client_id: Unchangeable[Guid]
    enabled: Annotated[bool, Derived()] = True
    """Whether the service principal may sign in; false only where another hand forbade it."""
    principal_id: Annotated[str, Computed()] = ""
    """The object id of the service principal, which roles are assigned to."""


class ServicePrincipalHandler(InTenant, UsesExisting[AzureClient, ServicePrincipalState]):
    palette_identity = "client_id"
    patience: ClassVar[Patience] = Patience(120)
    """For an application made a moment ago."""
    knowing: ClassVar[Patience] = Patience(20)
    """For an existing service principal that was made a moment ago; a wrong id takes as long."""

    def derive(self, want: ServicePrincipalState) -> Mapping[str, Callable[[], Any]]:
        return {"enabled": lambda: True}

    def find_existing(self, want: ServicePrincipalState) -> str:
        doing = f"{want.logical}: waiting for Entra ID to know the application {want.client_id}"
        try:
            return str(self.knowing.until(lambda: self._of(want), _absent, doing)["id"])
        except ApiError as error:
            if error.status != 403:
                raise
            return want.client_id  # these credentials may be forbidden to look it up
        except WaitTimedOut:
            raise NotFound(
                f"There is no service principal of the application {want.client_id} in the tenant "
                f"{self.whoami()}. Check the client id (not the object id), and whether the "
                f"credentials are of the tenant that it is in."
            ) from None

    def place(self, want: ServicePrincipalState) -> str:
        return str(self._of(want)["id"])

    def create(self, want: ServicePrincipalState) -> Created[ServicePrincipalState]:
        want = want.with_new_incarnation()
        try:
            principal = self._of(want)
        except NotFound:
            principal = self._made(want)
        what, mark = (
            f"the service principal of the application {want.client_id}",
            principal.get("notes"),
        )
        way_out = (
            f"To use it as it is, leave it out and give its id {principal['id']} where it is used."
        )
        demand_ours(self, want, mark, what, way_out)
        tell_reclaimed(self, want, mark, what)
        if mark != want.mark:
            self._patch(principal["id"], {"notes": want.mark})
        if principal.get("accountEnabled") is False:
            self._patch(principal["id"], ENABLED)
        return Created(principal["id"], want.model_copy(update={"principal_id": principal["id"]}))

    def read(self, id: str, have: ServicePrincipalState) -> ServicePrincipalState:
        principal = self.client.graph("GET", f"/servicePrincipals/{id}")
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "client_id": principal["appId"],
                "enabled": principal.get("accountEnabled") is not False,
                "principal_id": id,
                "held_by": self.notation.holder(have, principal.get("notes")),
            }
        )

    def locate(self, id: str) -> Created[ServicePrincipalState]:
        """By its object id, or the application id."""
        try:
            return super().locate(id)
        except NotFound:
            path = f"/servicePrincipals(appId='{id}')"
            return super().locate(self.client.graph("GET", path)["id"])

    def update(
        self, id: str, have: ServicePrincipalState, want: ServicePrincipalState
    ) -> ServicePrincipalState:
        if want.remarks(have):
            self._patch(id, {"notes": want.mark})
        if not have.enabled:
            self._patch(id, ENABLED)
        return want

    def delete(self, id: str, have: ServicePrincipalState) -> None:
        principal = self.client.graph("GET", f"/servicePrincipals/{id}")
        what = f"the service principal {id}"
        if still_ours(self, id, have, principal.get("notes"), what, NOTES):
            self.client.graph("DELETE", f"/servicePrincipals/{id}")

    def _of(self, want: ServicePrincipalState) -> Any:
        return self.client.graph("GET", _path(want))

    def _made(self, want: ServicePrincipalState) -> Any:
        """Make the service principal. The call can be repeated, as it makes only a missing one."""
        created = self.patience.until(
            lambda: self.client.graph("PATCH", _path(want), {"notes": want.mark}, IF_MISSING),
            _not_yet,
            f"{want.logical}: waiting for Entra ID to know the application {want.client_id}",
        )
        return created or self._of(want)

    def _patch(self, id: str, body: Mapping[str, Any]) -> None:
        self.client.graph("PATCH", f"/servicePrincipals/{id}", body)


def _not_yet(error: BaseException) -> bool:
    """Whether Graph may only not know the application yet."""
    if not isinstance(error, ApiError):
        return False
    return error.code in NOT_YET or any(words in str(error) for words in NOT_YET_SAID)


def _path(want: ServicePrincipalState) -> str:
    return f"/servicePrincipals(appId='{want.client_id}')"


def _absent(error: BaseException) -> bool:
    return isinstance(error, NotFound)


class ServicePrincipal(
    ServicePrincipalInit, Resource[ServicePrincipalArgs], handler=ServicePrincipalHandler
):
    """A service principal; its id, and `principal_id`, is its object id.

    The `principal_id` of an existing service principal is not repeated here.
    """

    client_id: Output[str]
    enabled: Output[bool]
    principal_id: Output[str]
