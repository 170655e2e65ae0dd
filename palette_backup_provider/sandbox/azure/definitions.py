"""The definitions of roles as ARM has them: Azure's own, and the tenants' custom roles."""

import re

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.azure.arm import Arm
from palette_backup_provider.sandbox.azure.built_in import ROLES, Role
from palette_backup_provider.sandbox.azure.http import Body, Refused, answer, empty, sent
from palette_backup_provider.sandbox.azure.roles import Definition

_DEFINITIONS = r"(/.+)/providers/Microsoft\.Authorization/roleDefinitions"
_DEFINE = "Microsoft.Authorization/roleDefinitions"


class Definitions:
    """The role definitions of an ARM."""

    def __init__(self, arm: Arm) -> None:
        self._arm, self._access = arm, arm.access
        arm.routes.add("GET", _DEFINITIONS, self._list)
        arm.routes.add("GET PUT DELETE", rf"{_DEFINITIONS}/([-0-9a-f]{{36}})", self._definition)

    def _list(self, request: Request, scope: str) -> Response:
        self._arm.demand(f"{_DEFINE}/read", scope)
        own = [_built_in(guid, role) for guid, role in ROLES.items()]
        definitions = own + [one.body() for one in self._there(scope)]
        if query := request.args.get("$filter"):
            match = re.fullmatch(r"(type|roleName) eq '(.*)'", query)
            if match is None:
                message = f"This sandbox does not know the filter {query!r}."
                raise Refused(400, "InvalidFilter", message)
            name, value = match.groups()
            definitions = [
                one for one in definitions if one["properties"][name].lower() == value.lower()
            ]
        return answer({"value": definitions})

    def _there(self, scope: str) -> list[Definition]:
        inside = f"{scope.lower()}/"
        return [
            definition
            for definition in self._access.definitions.values()
            if definition.can_be_given(scope)
            or any(s.lower().startswith(inside) for s in definition.scopes)
        ]

    def _definition(self, request: Request, scope: str, guid: str) -> Response:
        guid = guid.lower()
        if request.method == "PUT":
            return self._put(request, scope, guid)
        action = {"GET": "read", "DELETE": "delete"}[request.method]
        self._arm.demand(f"{_DEFINE}/{action}", scope)
        if guid in ROLES and request.method == "GET":
            return answer(_built_in(guid, ROLES[guid]))
        definition = next(
            (definition for definition in self._there(scope) if definition.guid == guid), None
        )
        if request.method == "DELETE":
            return self._delete(definition)
        if definition is None:
            raise Refused(404, "RoleDefinitionDoesNotExist", _unknown(guid))
        return answer(definition.body())

    def _put(self, request: Request, scope: str, guid: str) -> Response:
        properties: Body = sent(request).get("properties", {})
        scopes = properties.get("assignableScopes") or []
        name = properties.get("roleName")
        if not scopes or not name or properties.get("type") != "CustomRole" or guid in ROLES:
            message = "The role definition is not valid."
            raise Refused(400, "InvalidRoleDefinition", message)
        for one in scopes:
            self._arm.demand(f"{_DEFINE}/write", one)
        others = [one for one in self._access.definitions.values() if one.guid != guid]
        if any(one.said["roleName"].lower() == name.lower() for one in others):
            message = "A role definition cannot be updated with a name that already exists."
            raise Refused(409, "RoleDefinitionWithSameNameExists", message)
        definition = Definition(guid, properties, known=guid in self._access.definitions)
        for assignment in self._access.given(guid):
            if not definition.can_be_given(assignment.scope):
                raise Refused(
                    400,
                    "RoleScopeBeingRemovedContainsAssignments",
                    f"Role assignments found under scope '{assignment.scope}' which is being "
                    f"removed. Removing this scope from the role will orphan these assignments. "
                    f"Delete these assignments before removing the scope.",
                )
        self._access.definitions[guid] = definition
        return answer(definition.body(), 201)

    def _delete(self, definition: Definition | None) -> Response:
        if definition is None:
            return empty(204)
        if self._access.given(definition.guid):
            message = "There are existing role assignments referencing role."
            raise Refused(400, "RoleDefinitionHasAssignments", message)
        del self._access.definitions[definition.guid]
        return answer(definition.body())


def _built_in(guid: str, role: Role) -> Body:
    return {
        "id": f"/providers/{_DEFINE}/{guid}",
        "name": guid,
        "type": _DEFINE,
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "assignableScopes": ["/"],
            "permissions": [role.permission()],
        },
    }


def _unknown(guid: str) -> str:
    return f"The specified role definition with ID '{guid}' does not exist."
