"""A role given to a service principal, at a scope and all below it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from uuid import NAMESPACE_URL, uuid5

from pulumi import Input, Output
from pydantic import AfterValidator

from palette_backup_provider.clients import azure
from palette_backup_provider.clients.azure import ROLES, AzureClient, Guid
from palette_backup_provider.core.errors import ApiError, NotFound, NotOurs
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.model import Derived, Owned, Replaces, Unchangeable, rule
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.azure.identity import Identity
from palette_backup_provider.resources.azure.mark import demand_ours, still_ours
from palette_backup_provider.resources.azure.roles import BUILT_IN, role_definition

Scope = Annotated[
    str,
    rule(
        r"/subscriptions/[0-9a-fA-F-]{36}(/[^/]+/[^/]+)*",
        "the id of a subscription, resource group or resource: /subscriptions/…",
    ),
    AfterValidator(lambda scope: scope.rstrip("/")),
]
UNCONDITIONAL = {"condition": None, "conditionVersion": None}
"""What takes a condition away."""


def _role(value: str) -> str:
    if value in BUILT_IN or value in BUILT_IN.values():
        return value
    known = ", ".join(BUILT_IN)
    if len(value) == 36 and value.count("-") == 4:
        return value
    raise ValueError(f"{value!r} is no role: expected its GUID, or one of {known}")


@dataclass(kw_only=True)
class RoleAssignmentArgs:
    """One role for one service principal at one scope, without conditions.

    A condition that was added to it is removed by the next `pulumi up` that sees it.

    Args:
        scope: Where it holds: the id of a subscription, resource group or resource. A change
            replaces the assignment.
        role: `Reader and Data Access`, `Storage Blob Data Contributor`, `Disk Backup Reader`,
            `Disk Restore Operator`, `Disk Snapshot Contributor`, or the GUID of any other role. A
            change replaces the assignment.
        principal_id: The object id of the service principal. A change replaces the assignment.
        identity: The subscription. Default: the stack's. Another one replaces the assignment.
    """

    scope: Input[str]
    role: Input[str]
    principal_id: Input[str]
    identity: Input[Identity] | None = None


class State(Owned):
    identity: azure.Identity | None = None
    scope: Unchangeable[Scope]
    role: Unchangeable[Annotated[str, AfterValidator(_role)]]
    principal_id: Unchangeable[Guid]
    role_definition_id: Annotated[str, Derived(), Replaces()] = ""
    name: Annotated[str, Derived(), Replaces()] = ""
    """A GUID that follows from the three above, so that a repeated call makes no second one."""
    condition: Annotated[str | None, Derived()] = None


class RoleAssignmentHandler(Handler[AzureClient, State]):
    realm = "Azure subscription"
    patience: ClassVar[Patience] = Patience(120)
    """For a service principal made a moment ago."""

    def whoami(self) -> str:
        return self.client.subscription()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {
            "role_definition_id": lambda: role_definition(want.scope, want.role),
            "name": lambda: _name(want.scope, want.principal_id, want.role),
        }

    def create(self, want: State) -> Created[State]:
        want = want.born()
        id, condition = _id(want), None
        try:
            found = self.client.arm("GET", id, version=ROLES)
        except NotFound:
            pass
        else:
            mark = found["properties"].get("description")
            what = f"The role assignment {want.name} ({want.role})"
            demand_ours(want, mark, what, "Delete it, or leave this one out.")
            condition = found["properties"].get("condition")
        self._put(want, id, condition)
        return Created(id, want)

    def read(self, id: str, have: State) -> State:
        told = self.client.arm("GET", id, version=ROLES)["properties"]
        definition = str(told["roleDefinitionId"])
        update = {
            "made_under": self.whoami(),
            "principal_id": told["principalId"],
            "condition": told.get("condition") or None,
        }
        if not have.scope:  # looked up by id alone
            guid = definition.rpartition("/")[2]
            names = {known: name for name, known in BUILT_IN.items()}
            update |= {"scope": told["scope"], "role": names.get(guid, guid)}
            update |= {"role_definition_id": definition, "name": id.rpartition("/")[2]}
        return have.model_copy(update=update)

    def update(self, id: str, have: State, want: State) -> State:
        if want.owner != have.owner or have.condition:
            self._put(want, id, have.condition)
        return want

    def delete(self, id: str, have: State) -> None:
        told = self.client.arm("GET", id, version=ROLES)["properties"]
        if still_ours(have, told.get("description")):
            self.client.arm("DELETE", id, version=ROLES)

    def _put(self, want: State, id: str, condition: str | None) -> None:
        """Make it, or write it anew without the `condition` that it has."""
        body = {
            "roleDefinitionId": want.role_definition_id,
            "principalId": want.principal_id,
            "principalType": "ServicePrincipal",
            "description": want.mark,
            **(UNCONDITIONAL if condition else {}),
        }
        try:
            self.patience.until(
                lambda: self.client.arm("PUT", id, {"properties": body}, version=ROLES),
                lambda e: isinstance(e, ApiError) and e.code == "PrincipalNotFound",
                f"{want.logical}: waiting for Azure to know the principal {want.principal_id}",
            )
        except ApiError as error:
            raise _explained(error, want) from None


def _explained(error: ApiError, want: State) -> Exception:
    if error.code == "RoleAssignmentExists":
        return NotOurs(
            f"The principal {want.principal_id} has the role {want.role} at {want.scope} already, "
            f"by an assignment that was not made here. Delete that, or leave this one out."
        )
    if error.code == "AuthorizationFailed":
        return ApiError(
            f"{error} To give roles, the operator needs Microsoft.Authorization/roleAssignments/"
            f"write at that scope, as Role Based Access Control Administrator has it.",
            status=error.status,
            code=error.code,
        )
    return error


def _name(scope: str, principal: str, role: str) -> str:
    guid = BUILT_IN.get(role, role)
    return str(uuid5(NAMESPACE_URL, f"{scope}|{principal}|{guid}".lower()))


def _id(state: State) -> str:
    return f"{state.scope}/providers/Microsoft.Authorization/roleAssignments/{state.name}"


class RoleAssignment(Resource[RoleAssignmentArgs], handler=RoleAssignmentHandler):
    """A role assignment; its id is its path in ARM, its `name` a GUID."""

    scope: Output[str]
    role: Output[str]
    principal_id: Output[str]
    role_definition_id: Output[str]
    name: Output[str]
    condition: Output[str | None]
