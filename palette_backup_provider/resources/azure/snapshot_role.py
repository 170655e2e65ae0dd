"""A custom role with what Velero needs to snapshot and restore disks, and no more.

Azure's own roles allow too much: Disk Snapshot Contributor may read, change and delete the keys of
every storage account at its scope.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from uuid import NAMESPACE_URL, uuid5

from pulumi import Input, Output
from pydantic import Field

from palette_backup_provider.clients.azure.client import ROLES, AzureClient
from palette_backup_provider.core.errors import (
    ApiError,
    Blocked,
    NotFound,
    NotImportable,
    NotOwned,
    WaitTimedOut,
)
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.markers import AutoNamed, Derived, Replaces, Unchangeable
from palette_backup_provider.core.model import Owned, matches
from palette_backup_provider.core.ownership import demand_ours, still_ours, tell_reclaimed
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.azure.arm.roles import SNAPSHOT_ACTIONS
from palette_backup_provider.resources.azure.arm.scopes import Scope
from palette_backup_provider.resources.azure.identity import (
    AzureState,
    InSubscription,
    SubscriptionArgs,
)
from palette_backup_provider.resources.azure.inits import SnapshotRoleInit

NAME = matches(r"[A-Za-z0-9 ().@_-]{1,128}", "1 to 128 letters, digits, spaces and ().@_-")
LISTS = ("actions", "notActions", "dataActions", "notDataActions")
Permissions = list[dict[str, list[str]]]


@documented
@dataclass(kw_only=True)
class SnapshotRoleArgs(SubscriptionArgs):
    """A custom role with `azure.SNAPSHOT_ACTIONS`, which can be given at one scope and below.

    The role has no effect until an `azure.RoleAssignment` assigns it. If others change its actions,
    the next `pulumi up` that sees this restores them. The role is not deleted while it is assigned.

    Args:
        scope: Where it can be given: the id of the resource group that clusters keep their disks
            in, of a resource, or of a whole subscription. A change replaces the role.
        role_name: What people see, unique in the tenant: 1 to 128 letters, digits, spaces and
            `().@_-`. Default: made from the resource's name. A change replaces the role.
    """

    scope: Input[str]
    role_name: Input[str] | None = None


class SnapshotRoleState(AzureState, Owned):
    scope: Unchangeable[Scope]
    role_name: Annotated[str, Replaces(), AutoNamed(128), NAME]
    name: Annotated[str, Derived(), Replaces()] = ""
    """A GUID of scope and role name, so that a repeated call makes no second one."""
    permissions: Annotated[Permissions, Derived()] = Field(default_factory=list)
    """What the role allows."""
    assignable_scopes: Annotated[list[str], Derived()] = Field(default_factory=list)
    """Where the role can be assigned: in `scope`."""


class SnapshotRoleHandler(InSubscription, Handler[AzureClient, SnapshotRoleState]):
    patience: ClassVar[Patience] = Patience(60)
    """For Azure to know that nobody has the role any more."""

    def derive(self, want: SnapshotRoleState) -> Mapping[str, Callable[[], Any]]:
        return {
            "name": lambda: _name(want.scope, want.role_name),
            "permissions": lambda: _permissions([{"actions": SNAPSHOT_ACTIONS}]),
            "assignable_scopes": lambda: [want.scope],
        }

    def place(self, want: SnapshotRoleState) -> str:
        return _id(want)

    def create(self, want: SnapshotRoleState) -> Created[SnapshotRoleState]:
        want = want.with_new_incarnation()
        try:
            role = self._get(_id(want))
        except NotFound:
            pass
        else:
            mark, what = role.get("description"), f"the role {want.role_name} ({want.name})"
            demand_ours(self, want, mark, what, "Give this one another role_name.")
            tell_reclaimed(self, want, mark, what)
        self._put(want)
        return Created(_id(want), want)

    def read(self, id: str, have: SnapshotRoleState) -> SnapshotRoleState:
        role = self._get(id)
        scopes = role.get("assignableScopes") or []
        update: dict[str, Any] = {
            "made_under": self.whoami(),
            "permissions": _permissions(role.get("permissions") or []),
            "assignable_scopes": scopes,
            "held_by": self.notation.holder(have, role.get("description")),
        }
        if have.scope:
            if [scope.lower() for scope in scopes] == [have.scope.lower()]:
                update["assignable_scopes"] = [have.scope]
        else:  # looked up by id alone
            scope, _, name = id.partition("/providers/Microsoft.Authorization/roleDefinitions/")
            update |= {"scope": scope, "name": name, "role_name": role["roleName"]}
        return have.model_copy(update=update)

    def locate(self, id: str) -> Created[SnapshotRoleState]:
        located = super().locate(id)
        if located.state.name != _name(located.state.scope, located.state.role_name):
            raise NotImportable(
                f"{id} cannot be imported: it was not made here, as its name tells, so the next "
                f"run would replace it. Give this resource another role_name, and have it make a "
                f"role."
            )
        return located

    def update(
        self, id: str, have: SnapshotRoleState, want: SnapshotRoleState
    ) -> SnapshotRoleState:
        self._put(want)
        return want

    def delete(self, id: str, have: SnapshotRoleState) -> None:
        mark, what = self._get(id).get("description"), f"the role {have.role_name} ({have.name})"
        if not still_ours(self, id, have, mark, what, "its description"):
            return
        try:
            self.patience.until(
                lambda: self.client.arm("DELETE", id, version=ROLES),
                _given,
                f"{have.logical}: waiting for Azure to know that nobody has the role "
                f"{have.role_name} any more",
            )
        except (ApiError, WaitTimedOut) as error:
            if isinstance(error, ApiError) and not _given(error):
                raise
            raise Blocked(
                f"The role {have.role_name} is not deleted: it was given to others, or at other "
                f"places, than this stack did. Take it away there (`az role assignment list "
                f"--all --role {have.name}`), and run again."
            ) from None

    def _get(self, id: str) -> dict[str, Any]:
        role: dict[str, Any] = self.client.arm("GET", id, version=ROLES)["properties"]
        return role

    def _put(self, want: SnapshotRoleState) -> None:
        body = {
            "roleName": want.role_name,
            "description": want.mark,
            "type": "CustomRole",
            "permissions": want.permissions,
            "assignableScopes": want.assignable_scopes,
        }
        try:
            self.client.arm("PUT", _id(want), {"properties": body}, version=ROLES)
        except ApiError as error:
            raise _with_advice(error, want) from None


def _name(scope: str, role_name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{scope}|{role_name}".lower()))


def _id(state: SnapshotRoleState) -> str:
    return f"{state.scope}/providers/Microsoft.Authorization/roleDefinitions/{state.name}"


def _permissions(permissions: list[Any]) -> Permissions:
    """Permissions as we compare them: all four lists, each in order."""
    return [
        {name: sorted(permission.get(name) or []) for name in LISTS} for permission in permissions
    ]


def _given(error: BaseException) -> bool:
    return isinstance(error, ApiError) and error.code == "RoleDefinitionHasAssignments"


def _with_advice(error: ApiError, want: SnapshotRoleState) -> Exception:
    if error.code == "RoleDefinitionWithSameNameExists":
        return NotOwned(
            f"There is a role {want.role_name} in the tenant that was not made by this resource. "
            f"Give this one another role_name."
        )
    if error.code == "AuthorizationFailed":
        return ApiError(
            f"{error} To make a custom role, the operator needs Microsoft.Authorization/"
            f"roleDefinitions/write at {want.scope}, as User Access Administrator has it; Role "
            f"Based Access Control Administrator does not.",
            status=error.status,
            code=error.code,
        )
    return error


class SnapshotRole(SnapshotRoleInit, Resource[SnapshotRoleArgs], handler=SnapshotRoleHandler):
    """A custom role for snapshots of disks; its id is its path in ARM, its `name` a GUID."""

    scope: Output[str]
    role_name: Output[str]
    name: Output[str]
    permissions: Output[list[dict[str, list[str]]]]
    assignable_scopes: Output[list[str]]
