"""Azure Resource Manager: resource groups, role assignments, and operations that take long."""

import re
import secrets
from collections.abc import Callable

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.azure.directory import Caller
from palette_backup_provider.sandbox.azure.http import (
    Body,
    Refused,
    Routes,
    answer,
    demand_known,
    empty,
    sent,
)
from palette_backup_provider.sandbox.azure.regions import AZURE, normalized
from palette_backup_provider.sandbox.azure.roles import Access

SUBSCRIPTION = r"/subscriptions/([-0-9a-f]{36})"
GROUP = rf"{SUBSCRIPTION}/resourcegroups/([^/]+)"
_ASSIGNMENTS = r"(/.+)/providers/Microsoft\.Authorization/roleAssignments"
_PERMISSIONS = r"(/.+)/providers/Microsoft\.Authorization/permissions"
_ASSIGN = "Microsoft.Authorization/roleAssignments"


class Arm:
    """The part of ARM that backup locations need."""

    def __init__(self, access: Access, subscriptions: dict[str, str]) -> None:
        self.access = access
        self.subscriptions = subscriptions
        """Their tenants, by their ids."""
        self.url = ""
        """Where it is served."""
        self.reset()
        self.routes = Routes()
        add = self.routes.add
        add("GET", SUBSCRIPTION, self._subscription)
        add("GET", rf"{SUBSCRIPTION}/locations", self._locations)
        add("GET", rf"{SUBSCRIPTION}/resourcegroups", self._list_groups)
        add("GET PUT PATCH DELETE HEAD", GROUP, self._group)
        add("GET", rf"{GROUP}/resources", self._resources)
        add("GET", rf"{SUBSCRIPTION}/operationresults/(\w+)", self._operation)
        add("GET", _ASSIGNMENTS, self._list_assignments)
        add("GET", _PERMISSIONS, self._permissions)
        add("GET PUT DELETE", rf"{_ASSIGNMENTS}/([-0-9a-f]{{36}})", self._assignment)

    def reset(self) -> None:
        """Without anything in it."""
        self.groups: dict[str, Body] = {}
        self.resources: dict[str, Body] = {}
        """What is in the groups, by ids in lower case."""
        self._operations: dict[str, tuple[int, Body | None]] = {}

    def call(self, request: Request, caller: Caller | None) -> Response:
        """Answer a request."""
        if caller is None:
            message = "Authentication failed. The 'Authorization' header is missing or invalid."
            raise Refused(401, "AuthenticationFailed", message)
        if "api-version" not in request.args:
            message = (
                "The api-version query parameter (?api-version=) is required for all requests."
            )
            raise Refused(400, "MissingApiVersionParameter", message)
        self._demand_tenant(request.path, caller)
        self._caller = caller
        query = dict(request.args)
        if query.get("$expand") == "kerb":  # keys for Active Directory: no account here has any
            del query["$expand"]
        filters = ("$filter",) if request.path.endswith("/roleDefinitions") else ()
        demand_known(query, ("api-version", *filters), f"{request.method} {request.path}")
        handle = self.routes.find(request)
        if handle is None:
            message = f"The resource type of {request.path} could not be found."
            raise Refused(404, "InvalidResourceType", message)
        return handle()

    def _demand_tenant(self, path: str, caller: Caller) -> None:
        id = path.split("/")[2].lower() if path.count("/") > 1 else ""
        tenant = self.subscriptions.get(id)
        if tenant is None:
            message = f"The subscription '{id}' could not be found."
            raise Refused(404, "SubscriptionNotFound", message)
        if tenant != caller.tenant:
            raise Refused(
                401,
                "InvalidAuthenticationTokenTenant",
                f"The access token is from the wrong issuer 'https://sts.windows.net/"
                f"{caller.tenant}/'. It must match the tenant 'https://sts.windows.net/{tenant}/' "
                f"associated with this subscription.",
            )

    def demand(self, action: str, scope: str) -> None:
        """Refuse the caller of this request unless a role of theirs allows the action."""
        self.access.demand(self._caller, action, scope)

    def _subscription(self, request: Request, id: str) -> Response:
        self.demand("Microsoft.Resources/subscriptions/read", request.path)
        body = {"id": request.path, "subscriptionId": id, "tenantId": self._caller.tenant}
        return answer({**body, "state": "Enabled", "displayName": "sandbox"})

    def _locations(self, request: Request, id: str) -> Response:
        self.demand("Microsoft.Resources/subscriptions/locations/read", request.path)
        locations = [
            {"id": f"{request.path}/{name}", "name": name, "type": "Region"} for name in AZURE
        ]
        return answer({"value": locations})

    def _list_groups(self, request: Request, subscription: str) -> Response:
        self.demand("Microsoft.Resources/subscriptions/resourceGroups/read", request.path)
        inside = f"/subscriptions/{subscription}/".lower()
        return answer({"value": [g for id, g in self.groups.items() if id.startswith(inside)]})

    def _group(self, request: Request, subscription: str, name: str) -> Response:
        action = {"GET": "read", "HEAD": "read", "DELETE": "delete"}.get(request.method, "write")
        self.demand(f"Microsoft.Resources/subscriptions/resourceGroups/{action}", request.path)
        id = f"/subscriptions/{subscription}/resourceGroups/{name}"
        if request.method == "PUT":
            return self._put_group(request, id, name)
        group = self.find_group(id, name)
        if request.method == "PATCH":
            body = sent(request)
            demand_known(body, ("tags",), "the change of a resource group")
            group |= body
        if request.method == "DELETE":
            return self.begin(subscription, lambda: self._drop_group(id), None)
        return answer(group)

    def _put_group(self, request: Request, id: str, name: str) -> Response:
        body = sent(request)
        demand_known(body, ("location", "tags"), "a resource group")
        old = self.groups.get(id.lower())
        if not re.fullmatch(r"[\w.()-]{0,89}[\w()-]", name):
            message = f"The provided resource group name '{name}' is not valid."
            raise Refused(400, "InvalidResourceGroupName", message)
        location = normalized(body["location"])
        if location not in AZURE:
            raise Refused(
                400,
                "LocationNotAvailableForResourceGroup",
                f"The provided location '{location}' is not available for resource group. List of "
                f"available regions is '{','.join(AZURE)}'.",
            )
        if old and old["location"] != location:
            message = f"The resource group already exists in location '{old['location']}'."
            raise Refused(409, "InvalidResourceGroupLocation", message)
        self.groups[id.lower()] = {
            "id": id,
            "name": name,
            "type": "Microsoft.Resources/resourceGroups",
            "location": location,
            "tags": body.get("tags") or {},
            "properties": {"provisioningState": "Succeeded"},
        }
        return answer(self.groups[id.lower()], 200 if old else 201)

    def find_group(self, id: str, name: str) -> Body:
        """The group, or ARM's refusal."""
        if id.lower() not in self.groups:
            message = f"Resource group '{name}' could not be found."
            raise Refused(404, "ResourceGroupNotFound", message)
        return self.groups[id.lower()]

    def _drop_group(self, id: str) -> None:
        del self.groups[id.lower()]
        for inside in self._inside(id):
            del self.resources[inside]

    def _inside(self, group: str) -> list[str]:
        return [resource for resource in self.resources if resource.startswith(f"{group.lower()}/")]

    def _resources(self, request: Request, subscription: str, group: str) -> Response:
        self.demand("Microsoft.Resources/subscriptions/resourceGroups/read", request.path)
        id = f"/subscriptions/{subscription}/resourceGroups/{group}"
        self.find_group(id, group)
        shown = ("id", "name", "type", "location", "tags")
        inside = [self.resources[resource] for resource in self._inside(id)]
        return answer({"value": [{k: body[k] for k in shown} for body in inside]})

    def begin(self, subscription: str, act: Callable[[], None], result: Body | None) -> Response:
        """Begin what takes long: asked for the second time, it has ended."""
        act()
        key = secrets.token_hex(8)
        self._operations[key] = (0, result)
        return empty(202, self._poll(subscription, key))

    def _poll(self, subscription: str, key: str) -> dict[str, str]:
        path = f"/subscriptions/{subscription}/operationresults/{key}?api-version=2021-04-01"
        return {"Location": f"{self.url}{path}"}

    def _operation(self, _: Request, subscription: str, key: str) -> Response:
        polls, result = self._operations[key]
        self._operations[key] = (polls + 1, result)
        if not polls:
            return empty(202, self._poll(subscription, key))
        return answer(result) if result else empty(200)

    def _list_assignments(self, request: Request, scope: str) -> Response:
        self.demand(f"{_ASSIGN}/read", scope)
        inside = f"{scope.lower()}/"
        assignments = [
            a.body()
            for a in self.access.assignments.values()
            if a.covers(scope) or a.scope.lower().startswith(inside)
        ]
        return answer({"value": assignments})

    def _permissions(self, request: Request, scope: str) -> Response:
        self.demand("Microsoft.Authorization/permissions/read", scope)
        roles = self.access.roles(self._caller, scope)
        return answer({"value": [role.permission() for role in roles]})

    def _assignment(self, request: Request, scope: str, name: str) -> Response:
        action = {"GET": "read", "DELETE": "delete"}.get(request.method, "write")
        self.demand(f"{_ASSIGN}/{action}", scope)
        assignment = self.access.assignments.get(request.path.lower())
        if request.method == "PUT":
            properties = sent(request).get("properties", {})
            assigned, new = self.access.assign(request.path, scope, properties)
            return answer(assigned.body(), 201 if new else 200)
        if request.method == "DELETE":
            self.access.assignments.pop(request.path.lower(), None)
            return answer(assignment.body()) if assignment else empty(204)
        if assignment is None:
            message = f"The role assignment '{name}' is not found."
            raise Refused(404, "RoleAssignmentNotFound", message)
        return answer(assignment.body())
