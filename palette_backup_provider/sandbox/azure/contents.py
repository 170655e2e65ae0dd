"""What is in storage accounts, as ARM has it: containers, and shares, queues and tables by name."""

import re

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.azure.accounts import Account, Container
from palette_backup_provider.sandbox.azure.arm import Arm
from palette_backup_provider.sandbox.azure.http import Body, Refused, answer, empty, guid, sent
from palette_backup_provider.sandbox.azure.storage import ACCOUNT, BLOBS_ONLY, STORAGE, Storage

_CONTAINERS = rf"{ACCOUNT}/blobServices/default/containers"
_SHARES = (
    r"/(fileServices/default/shares|queueServices/default/queues|tableServices/default/tables)"
)
_IN_ACCOUNT = f"{STORAGE}/blobServices/containers"


class Contents:
    """The contents of the accounts of an ARM."""

    def __init__(self, arm: Arm, storage: Storage) -> None:
        self._arm, self._storage = arm, storage
        add = arm.routes.add
        add("GET", _CONTAINERS, self._list_containers)
        add("GET PUT PATCH DELETE", rf"{_CONTAINERS}/([^/]+)", self._container)
        add("GET", ACCOUNT + _SHARES, self._list_others)
        add("PUT", rf"{ACCOUNT}{_SHARES}/([^/]+)", self._make_other)

    def _found_parent(self, action: str, *where: str) -> Account:
        try:
            return self._storage.find_account(*where)
        except Refused as refused:
            if refused.code != "ResourceNotFound":
                raise
            message = (
                f"Failed to perform '{action}' on resource(s) of type 'storageAccounts/blobServices"
                f"/containers', because the parent resource '{where[-1]}' could not be found."
            )
            raise Refused(404, "ParentResourceNotFound", message) from None

    def _list_containers(self, request: Request, *where: str) -> Response:
        self._arm.demand(f"{_IN_ACCOUNT}/read", request.path)
        containers = self._storage.find_account(*where).containers
        return answer({"value": [_listed(containers[name].body) for name in sorted(containers)]})

    def _container(
        self, request: Request, subscription: str, group: str, name: str, container: str
    ) -> Response:
        action = {"GET": "read", "DELETE": "delete"}.get(request.method, "write")
        self._arm.demand(f"{_IN_ACCOUNT}/{action}", request.path)
        account = self._found_parent(action, subscription, group, name)
        if request.method == "PUT":
            return _put_container(request, account, container)
        target = account.containers.get(container)
        if target is None:
            message = "The specified container does not exist."
            raise Refused(404, "ContainerNotFound", message)
        if request.method == "PATCH":
            target.body["properties"] |= sent(request).get("properties", {})
        if request.method == "DELETE":
            del account.containers[container]
            return empty(200)
        return answer(target.body)

    def _list_others(self, request: Request, *where: str) -> Response:
        *place, kind = where
        self._arm.demand(f"{STORAGE}/read", request.path)
        names = self._with_service(kind, *place).others.get(kind, [])
        return answer({"value": [{"name": name, "properties": {}} for name in names]})

    def _make_other(self, request: Request, *where: str) -> Response:
        *place, kind, name = where
        self._arm.demand(f"{STORAGE}/write", request.path)
        self._with_service(kind, *place).others.setdefault(kind, []).append(name)
        return answer({"name": name, "properties": {}}, 201)

    def _with_service(self, kind: str, *where: str) -> Account:
        account = self._storage.find_account(*where)
        if account.body["kind"] in BLOBS_ONLY:
            service = kind.partition("Service")[0].capitalize()
            message = f"{service} is not supported for the account."
            raise Refused(400, "FeatureNotSupportedForAccount", message)
        return account


def _put_container(request: Request, account: Account, name: str) -> Response:
    if not re.fullmatch(r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", name):
        message = "The specified resource name contains invalid characters."
        raise Refused(400, "ContainerOperationFailure", message)
    new = name not in account.containers
    body = {
        "id": request.path,
        "name": name,
        "type": _IN_ACCOUNT,
        "etag": f'"0x{guid()[:8].upper()}"',
        "properties": {
            "publicAccess": "None",
            "hasImmutabilityPolicy": False,
            "hasLegalHold": False,
            "leaseState": "Available",
            **sent(request).get("properties", {}),
        },
    }
    if new:
        account.containers[name] = Container(body)
    else:
        account.containers[name].body = body
    return answer(body, 201 if new else 200)


def _listed(container: Body) -> Body:
    """A container as the list has it: without its metadata."""
    properties = {k: v for k, v in container["properties"].items() if k != "metadata"}
    return {**container, "properties": properties}
