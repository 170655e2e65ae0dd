"""Azure's role-based access control: who may do what where."""

import fnmatch
from collections.abc import Callable
from dataclasses import dataclass

from palette_backup_provider.sandbox.azure.built_in import ROLES, Role
from palette_backup_provider.sandbox.azure.directory import Caller
from palette_backup_provider.sandbox.azure.entra import Entra
from palette_backup_provider.sandbox.azure.http import Body, Refused, timestamp

_CONDITION = ("condition", "conditionVersion")
"""What stays of an assignment until it is set to null. It is kept and told, not judged."""


@dataclass
class Definition:
    """A custom role."""

    guid: str
    said: Body
    known: bool = False
    """Whether assignments know it yet: the first one does not."""

    @property
    def scopes(self) -> list[str]:
        """Where it can be given, and below."""
        return list(self.said["assignableScopes"])

    def can_be_given(self, scope: str) -> bool:
        return any(
            f"{scope.lower()}/".startswith(f"{assignable.lower()}/") for assignable in self.scopes
        )

    def role(self) -> Role:
        """What it allows."""

        def all_of(name: str) -> tuple[str, ...]:
            permissions = self.said.get("permissions") or []
            return tuple(
                action for permission in permissions for action in permission.get(name) or []
            )

        without = all_of("notActions") + all_of("notDataActions")
        return Role(self.said["roleName"], all_of("actions"), all_of("dataActions"), without)

    def body(self) -> Body:
        """As ARM shows it."""
        subscription = "/".join(self.scopes[0].split("/")[:3])
        return {
            "id": f"{subscription}/providers/Microsoft.Authorization/roleDefinitions/{self.guid}",
            "name": self.guid,
            "type": "Microsoft.Authorization/roleDefinitions",
            "properties": {**self.said, "createdOn": timestamp(), "updatedOn": timestamp()},
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
    """All role assignments, and all custom roles."""

    def __init__(self, entra: Entra, clock: Callable[[], float]) -> None:
        self._entra, self._clock = entra, clock
        self.assignments: dict[str, Assignment] = {}
        """By their ids in lower case."""
        self.definitions: dict[str, Definition] = {}
        """By their GUIDs."""

    def demand(self, caller: Caller, action: str, scope: str) -> None:
        """Refuse the caller unless a role allows that action on a resource."""
        if not self.permits(caller, action, scope):
            raise denied(caller, action, scope)

    def permits(self, caller: Caller, action: str, scope: str) -> bool:
        """Whether a role of the caller allows that action on a resource."""
        return self.allows(caller, scope, lambda role: _matches(role.actions, action, role))

    def demand_data(self, caller: Caller, action: str, scope: str) -> None:
        """Refuse the caller unless a role allows that action on data."""
        if not self.allows(caller, scope, lambda role: _matches(role.data, action, role)):
            raise denied_data()

    def allows(self, caller: Caller, scope: str, judge: Callable[[Role], bool]) -> bool:
        """Whether `judge` accepts a role that the caller has at `scope`."""
        return any(map(judge, self.roles(caller, scope)))

    def roles(self, caller: Caller, scope: str) -> list[Role]:
        """The roles that the caller has at `scope`."""
        mine = [a for a in self.assignments.values() if a.principal == caller.principal.id]
        return [self._role(a.role) for a in mine if a.covers(scope)]

    def given(self, role: str) -> list[Assignment]:
        """The assignments of a role."""
        return [assignment for assignment in self.assignments.values() if assignment.role == role]

    def _role(self, guid: str) -> Role:
        return ROLES[guid] if guid in ROLES else self.definitions[guid].role()

    def newest(self, caller: Caller) -> float | None:
        """When the caller was given a role last."""
        times = [a.made for a in self.assignments.values() if a.principal == caller.principal.id]
        return max(times, default=None)

    def assign(self, id: str, scope: str, properties: Body) -> tuple[Assignment, bool]:
        """Give a role; whether it is new."""
        role = str(properties.get("roleDefinitionId", "")).rpartition("/")[2].lower()
        principal = str(properties.get("principalId", ""))
        old = self.assignments.get(id.lower())
        if old and (old.role, old.principal) != (role, principal):
            message = "Tenant ID, application ID, principal ID, and scope are not allowed to be "
            raise Refused(400, "RoleAssignmentUpdateNotPermitted", f"{message}updated.")
        self._demand_role(role, scope)
        self._demand_known(principal)
        for other in self.assignments.values():
            same = (other.role, other.principal, other.scope.lower())
            if other is not old and same == (role, principal, scope.lower()):
                message = "The role assignment already exists."
                raise Refused(409, "RoleAssignmentExists", message)
        made = old.made if old else self._clock()
        conditions = {k: v for k, v in old.said.items() if k in _CONDITION} if old else {}
        assignment = Assignment(id, scope, principal, role, {**conditions, **properties}, made)
        self.assignments[id.lower()] = assignment
        return assignment, old is None

    def _demand_role(self, guid: str, scope: str) -> None:
        custom = self.definitions.get(guid)
        usable = custom is not None and custom.known and custom.can_be_given(scope)
        if custom:
            custom.known = True
        if guid not in ROLES and not usable:
            message = f"The specified role definition with ID '{guid}' does not exist."
            raise Refused(404, "RoleDefinitionDoesNotExist", message)

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
