"""Azure's role-based access control: who may do what where."""

import fnmatch
from collections.abc import Callable
from dataclasses import dataclass

from palette_backup_provider.sandbox.azure_entra import Caller, Entra
from palette_backup_provider.sandbox.azure_wire import Body, Refused, timestamp

_CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers"
_SNAPSHOTS = "Microsoft.Compute/snapshots"
_CONDITION = ("condition", "conditionVersion")
"""What stays of an assignment until it is set to null. It is kept and told, not judged."""


@dataclass(frozen=True)
class Role:
    """A built-in role; patterns of what it allows, on resources and on the data in them."""

    name: str
    actions: tuple[str, ...]
    data: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
ROLES = {
    OWNER: Role("Owner", ("*",)),
    "b24988ac-6180-42a0-ab88-20f7382dd24c": Role(
        "Contributor",
        ("*",),
        without=("Microsoft.Authorization/*/delete", "Microsoft.Authorization/*/write"),
    ),
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": Role("Reader", ("*/read",)),
    "c12c1c16-33a1-487b-954d-41c89c60f349": Role(
        "Reader and Data Access",
        (
            "Microsoft.Storage/storageAccounts/listKeys/action",
            "Microsoft.Storage/storageAccounts/ListAccountSas/action",
            "Microsoft.Storage/storageAccounts/read",
        ),
    ),
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": Role(
        "Storage Blob Data Contributor",
        (f"{_CONTAINERS}/read", f"{_CONTAINERS}/write", f"{_CONTAINERS}/delete"),
        data=(f"{_CONTAINERS}/blobs/*",),
    ),
    "3e5e47e6-65f7-47ef-90b5-e5dd4d455f24": Role(
        "Disk Backup Reader",
        ("Microsoft.Compute/disks/read", "Microsoft.Compute/disks/beginGetAccess/action"),
    ),
    "b50d9833-a0cb-478e-945f-707fcc997c13": Role(
        "Disk Restore Operator", ("Microsoft.Compute/disks/read", "Microsoft.Compute/disks/write")
    ),
    "7efff54f-a5b4-42b5-a1c5-5411624893ce": Role(
        "Disk Snapshot Contributor",
        (f"{_SNAPSHOTS}/read", f"{_SNAPSHOTS}/write", f"{_SNAPSHOTS}/delete"),
    ),
}


@dataclass
class Assignment:
    """A role given to a principal at a scope and below."""

    id: str
    scope: str
    principal: str
    role: str
    """The GUID of the role."""
    said: Body
    made: float

    def body(self) -> Body:
        """As ARM shows it."""
        return {
            "id": self.id,
            "name": self.id.rpartition("/")[2],
            "type": "Microsoft.Authorization/roleAssignments",
            "properties": {
                **self.said,
                "scope": self.scope,
                "createdOn": timestamp(),
                "updatedOn": timestamp(),
            },
        }

    def covers(self, scope: str) -> bool:
        """Whether it holds at `scope`."""
        return f"{scope.lower()}/".startswith(f"{self.scope.lower()}/")


class Access:
    """All role assignments."""

    def __init__(self, entra: Entra, clock: Callable[[], float]) -> None:
        self._entra, self._clock = entra, clock
        self.assignments: dict[str, Assignment] = {}
        """By their ids in lower case."""

    def demand(self, caller: Caller, action: str, scope: str) -> None:
        """Refuse the caller unless a role allows that action on a resource."""
        if not self.allows(caller, scope, lambda role: _matches(role.actions, action, role)):
            raise denied(caller, action, scope)

    def demand_data(self, caller: Caller, action: str, scope: str) -> None:
        """Refuse the caller unless a role allows that action on data."""
        if not self.allows(caller, scope, lambda role: _matches(role.data, action, role)):
            raise denied_data()

    def allows(self, caller: Caller, scope: str, judge: Callable[[Role], bool]) -> bool:
        """Whether a role that the caller has at `scope` is one that `judge` takes."""
        mine = [a for a in self.assignments.values() if a.principal == caller.principal.id]
        return any(a.covers(scope) and judge(ROLES[a.role]) for a in mine)

    def newest(self, caller: Caller) -> float | None:
        """When the caller was given a role last."""
        made = [a.made for a in self.assignments.values() if a.principal == caller.principal.id]
        return max(made, default=None)

    def assign(self, id: str, scope: str, wanted: Body) -> tuple[Assignment, bool]:
        """Give a role; whether it is new."""
        role = str(wanted.get("roleDefinitionId", "")).rpartition("/")[2].lower()
        principal = str(wanted.get("principalId", ""))
        old = self.assignments.get(id.lower())
        if old and (old.role, old.principal) != (role, principal):
            message = "Tenant ID, application ID, principal ID, and scope are not allowed to be "
            raise Refused(400, "RoleAssignmentUpdateNotPermitted", f"{message}updated.")
        if role not in ROLES:
            message = f"The specified role definition with ID '{role}' does not exist."
            raise Refused(404, "RoleDefinitionDoesNotExist", message)
        self._demand_known(principal)
        for other in self.assignments.values():
            same = (other.role, other.principal, other.scope.lower())
            if other is not old and same == (role, principal, scope.lower()):
                message = "The role assignment already exists."
                raise Refused(409, "RoleAssignmentExists", message)
        made = old.made if old else self._clock()
        kept = {k: v for k, v in old.said.items() if k in _CONDITION} if old else {}
        found = Assignment(id, scope, principal, role, {**kept, **wanted}, made)
        self.assignments[id.lower()] = found
        return found, old is None

    def _demand_known(self, id: str) -> None:
        principal = self._entra.principals.get(id)
        if principal and principal.known:
            return
        if principal:
            principal.known = True
        raise Refused(
            400,
            "PrincipalNotFound",
            f"Principal {id.replace('-', '')} does not exist in the directory. Check that you "
            f"have the correct principal ID. If you are creating this principal and then "
            f"immediately assigning a role, this error might be related to a replication delay. "
            f"In this case, set the role assignment principalType property to a value, such as "
            f"ServicePrincipal, User, or Group. See https://aka.ms/docs-principaltype",
        )


def denied(caller: Caller, action: str, scope: str) -> Refused:
    """How ARM refuses."""
    return Refused(
        403,
        "AuthorizationFailed",
        f"The client '{caller.principal.application.app_id}' with object id "
        f"'{caller.principal.id}' does not have authorization to perform action '{action}' over "
        f"scope '{scope}' or the scope is invalid. If access was recently granted, please refresh "
        f"your credentials.",
    )


def denied_data() -> Refused:
    """How Azure Storage refuses."""
    message = "This request is not authorized to perform this operation using this permission."
    return Refused(403, "AuthorizationPermissionMismatch", message)


def _matches(allowed: tuple[str, ...], action: str, role: Role) -> bool:
    def any_of(patterns: tuple[str, ...]) -> bool:
        return any(fnmatch.fnmatchcase(action.lower(), p.lower()) for p in patterns)

    return any_of(allowed) and not any_of(role.without)
