"""A role given to a service principal, at a scope and all below it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from uuid import NAMESPACE_URL, uuid5

from pulumi import Input, Output

from palette_backup_provider.clients.azure.client import ROLES, AzureClient
from palette_backup_provider.clients.azure.identity import Guid
from palette_backup_provider.core.errors import ApiError, NotFound, NotImportable, NotOwned
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.markers import Derived, Replaces, Unchangeable
from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.ownership import demand_ours, still_ours, tell_reclaimed
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.azure.arm.roles import BUILT_IN, Role, definition_id
from palette_backup_provider.resources.azure.arm.scopes import Scope
from palette_backup_provider.resources.azure.identity import (
    AzureState,
    InSubscription,
    SubscriptionArgs,
)
from palette_backup_provider.resources.azure.inits import RoleAssignmentInit

NOT_YET = {"PrincipalNotFound", "RoleDefinitionDoesNotExist"}
UNCONDITIONAL = {"condition": None, "conditionVersion": None}
"""The properties that remove a condition."""


@documented
@dataclass(kw_only=True)
class RoleAssignmentArgs(SubscriptionArgs):
    """One role for one service principal at one scope, without conditions.

    If others add a condition, the next `pulumi up` that sees it removes the condition.

    Args:
        scope: Where it holds, and below: the id of a resource group, of a resource, or of a whole
            subscription. A change replaces the assignment.
        role: `Reader and Data Access`, `Storage Blob Data Contributor`, `Disk Backup Reader`,
            `Disk Restore Operator`, `Disk Snapshot Contributor`, or the GUID of any other role.
            `Disk Snapshot Contributor` may also read the keys of every storage account there; see
            `azure.SnapshotRole`. A change replaces the assignment.
        principal_id: The object id of the service principal. A change replaces the assignment.
    """

    scope: Input[str]
    role: Input[str]
    principal_id: Input[str]


class RoleAssignmentState(AzureState, Owned):
    scope: Unchangeable[Scope]
    role: Unchangeable[Role]
    principal_id: Unchangeable[Guid]
    role_definition_id: Annotated[str, Derived(), Replaces()] = ""
    """The path of the role in ARM."""
    name: Annotated[str, Derived(), Replaces()] = ""
    """A GUID of scope, role and principal, so that a repeated call makes no second one."""
    condition: Annotated[str | None, Derived()] = None
    """The condition that another hand added to the assignment."""


class RoleAssignmentHandler(InSubscription, Handler[AzureClient, RoleAssignmentState]):
    patience: ClassVar[Patience] = Patience(120)
    """For a service principal, or a custom role, made a moment ago."""

    def derive(self, want: RoleAssignmentState) -> Mapping[str, Callable[[], Any]]:
        return {
            "role_definition_id": lambda: definition_id(want.scope, want.role),
            "name": lambda: _name(want.scope, want.principal_id, want.role),
        }

    def place(self, want: RoleAssignmentState) -> str:
        return _id(want)

    def create(self, want: RoleAssignmentState) -> Created[RoleAssignmentState]:
        want = want.with_new_incarnation()
        id, condition = _id(want), None
        try:
            assignment = self.client.arm("GET", id, version=ROLES)
        except NotFound:
            pass
        else:
            mark = assignment["properties"].get("description")
            what = f"the role assignment {want.name} ({want.role})"
            demand_ours(self, want, mark, what, "Delete it, or leave this one out.")
            tell_reclaimed(self, want, mark, what)
            condition = assignment["properties"].get("condition")
        self._put(want, id, condition)
        return Created(id, want)

    def read(self, id: str, have: RoleAssignmentState) -> RoleAssignmentState:
        properties = self.client.arm("GET", id, version=ROLES)["properties"]
        definition = str(properties["roleDefinitionId"])
        update = {
            "made_under": self.whoami(),
            "principal_id": properties["principalId"],
            "condition": properties.get("condition") or None,
            "held_by": self.notation.holder(have, properties.get("description")),
        }
        if not have.scope:  # looked up by id alone
            guid = definition.rpartition("/")[2]
            names = {role_guid: name for name, role_guid in BUILT_IN.items()}
            update |= {"scope": properties["scope"], "role": names.get(guid, guid)}
            update |= {"role_definition_id": definition, "name": id.rpartition("/")[2]}
        return have.model_copy(update=update)

    def locate(self, id: str) -> Created[RoleAssignmentState]:
        located = super().locate(id)
        state = located.state
        if state.name != _name(state.scope, state.principal_id, state.role):
            raise NotImportable(
                f"{id} cannot be imported: it was not made here, as its name tells, so the next "
                f"run would replace it, and Azure gives a role once. Delete it, and have this "
                f"resource make it."
            )
        definition = {"role_definition_id": definition_id(state.scope, state.role)}
        return Created(_id(state), state.model_copy(update=definition))

    def update(
        self, id: str, have: RoleAssignmentState, want: RoleAssignmentState
    ) -> RoleAssignmentState:
        if want.remarks(have) or have.condition:
            self._put(want, id, have.condition)
        return want

    def delete(self, id: str, have: RoleAssignmentState) -> None:
        properties = self.client.arm("GET", id, version=ROLES)["properties"]
        what = f"the role assignment {have.name} ({have.role})"
        if still_ours(self, id, have, properties.get("description"), what, "its description"):
            self.client.arm("DELETE", id, version=ROLES)

    def _put(self, want: RoleAssignmentState, id: str, condition: str | None) -> None:
        """Make the assignment, or overwrite it without its `condition`."""
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
                lambda e: isinstance(e, ApiError) and e.code in NOT_YET,
                f"{want.logical}: waiting for Azure to know the principal {want.principal_id} and "
                f"the role {want.role}",
            )
        except ApiError as error:
            raise _with_advice(error, want) from None


def _with_advice(error: ApiError, want: RoleAssignmentState) -> Exception:
    if error.code == "RoleAssignmentExists":
        return NotOwned(
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


def _id(state: RoleAssignmentState) -> str:
    return f"{state.scope}/providers/Microsoft.Authorization/roleAssignments/{state.name}"


class RoleAssignment(
    RoleAssignmentInit, Resource[RoleAssignmentArgs], handler=RoleAssignmentHandler
):
    """A role assignment; its id is its path in ARM, its `name` a GUID."""

    scope: Output[str]
    role: Output[str]
    principal_id: Output[str]
    role_definition_id: Output[str]
    name: Output[str]
    condition: Output[str | None]
