"""Azure Storage as ARM has it: accounts and their containers."""

import base64
import re
import secrets
from dataclasses import dataclass, field

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.azure_arm import GROUP, SUBSCRIPTION, Arm
from palette_backup_provider.sandbox.azure_wire import (
    Body,
    Refused,
    answer,
    empty,
    guid,
    sent,
    timestamp,
)

_ACCOUNT = rf"{GROUP}/providers/Microsoft\.Storage/storageAccounts/([^/]+)"
_CONTAINERS = rf"{_ACCOUNT}/blobServices/default/containers"
_SHARES = (
    r"/(fileServices/default/shares|queueServices/default/queues|tableServices/default/tables)"
)
_STORAGE = "Microsoft.Storage/storageAccounts"
_IN_ACCOUNT = f"{_STORAGE}/blobServices/containers"
_SKUS = {
    *(f"Standard_{kind}" for kind in ("LRS", "GRS", "RAGRS", "ZRS", "GZRS", "RAGZRS")),
    *("Premium_LRS", "Premium_ZRS"),
}
_BLOBS_ONLY = {"BlobStorage", "BlockBlobStorage"}
_KINDS = {"StorageV2", *_BLOBS_ONLY, "FileStorage", "Storage"}


@dataclass
class Container:
    """A container, its blobs with it."""

    body: Body
    blobs: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    """Content and type by name."""


@dataclass
class Account:
    """A storage account."""

    body: Body
    containers: dict[str, Container] = field(default_factory=dict)
    others: dict[str, list[str]] = field(default_factory=dict)
    """File shares, queues and tables, by the part of the path that lists them."""
    keys: list[str] = field(
        default_factory=lambda: [base64.b64encode(secrets.token_bytes(64)).decode() for _ in "12"]
    )

    @property
    def group(self) -> str:
        """The id of its group, in lower case."""
        return self.id.lower().partition("/providers/")[0]

    @property
    def id(self) -> str:
        """Its id in ARM."""
        return str(self.body["id"])


class Storage:
    """The storage accounts of an ARM."""

    def __init__(self, arm: Arm) -> None:
        self._arm = arm
        self.blob_url = ""
        """Where the accounts' blobs are served."""
        add = arm.routes.add
        check = rf"{SUBSCRIPTION}/providers/Microsoft\.Storage/checkNameAvailability"
        add("POST", check, self._check_name)
        add("GET", rf"{SUBSCRIPTION}/providers/Microsoft\.Storage/storageAccounts", self._list)
        add("GET PUT PATCH DELETE", _ACCOUNT, self._account)
        add("POST", rf"{_ACCOUNT}/listKeys", self._list_keys)
        add("GET", _CONTAINERS, self._list_containers)
        add("GET PUT PATCH DELETE", rf"{_CONTAINERS}/([^/]+)", self._container)
        add("GET", _ACCOUNT + _SHARES, self._list_others)
        add("PUT", rf"{_ACCOUNT}{_SHARES}/([^/]+)", self._make_other)
        self.reset()

    def reset(self) -> None:
        """Without any account."""
        self.forbids_shared_keys = False
        """An Azure Policy that denies accounts whose shared keys work."""
        self._accounts: dict[str, Account] = {}

    @property
    def accounts(self) -> dict[str, Account]:
        """Those that are there, by name: with a group, all in it goes."""
        there = self._arm.resources
        return {name: a for name, a in self._accounts.items() if a.id.lower() in there}

    def _check_name(self, request: Request, _: str) -> Response:
        name = str(sent(request).get("name"))
        if not re.fullmatch("[a-z0-9]{3,24}", name):
            told = {"reason": "AccountNameInvalid", "message": _bad_account(name).message}
            return answer({"nameAvailable": False, **told})
        if name in self.accounts:
            told = {"reason": "AlreadyExists", "message": _taken(name).message}
            return answer({"nameAvailable": False, **told})
        return answer({"nameAvailable": True})

    def _list(self, request: Request, subscription: str) -> Response:
        scope = f"/subscriptions/{subscription}"
        self._arm.demand(f"{_STORAGE}/read", scope)
        found = [a.body for a in self.accounts.values() if a.id.startswith(f"{scope}/")]
        return answer({"value": found})

    def _account(self, request: Request, subscription: str, group: str, name: str) -> Response:
        action = {"GET": "read", "DELETE": "delete"}.get(request.method, "write")
        self._arm.demand(f"{_STORAGE}/{action}", request.path)
        if request.method == "PUT":
            return self._put_account(request, subscription, group, name)
        found = self._found_account(subscription, group, name)
        if request.method == "PATCH":
            _change_account(found, sent(request))
        if request.method == "DELETE":
            del self._arm.resources[found.id.lower()]
            return empty(200)
        return answer(found.body)

    def _put_account(self, request: Request, subscription: str, group: str, name: str) -> Response:
        body = sent(request)
        where = f"/subscriptions/{subscription}/resourceGroups/{group}"
        self._arm.found_group(where, group)
        if not re.fullmatch("[a-z0-9]{3,24}", name):
            raise _bad_account(name)
        self._demand_allowed(body)
        if old := self.accounts.get(name):
            if old.group != where.lower():
                raise _taken(name)
            _change_account(old, body)
            return answer(old.body)
        _demand_rules(body)
        made = Account(self._new_account(request.path, name, body))

        def keep() -> None:
            self._accounts[name] = made
            self._arm.resources[made.id.lower()] = made.body

        return self._arm.begin(subscription, keep, made.body)

    def _demand_allowed(self, body: Body) -> None:
        if body.get("sku", {}).get("name") not in _SKUS or body.get("kind") not in _KINDS:
            message = f"The value '{body.get('sku')}' or '{body.get('kind')}' is not valid."
            raise Refused(400, "InvalidValuesForRequestParameters", message)
        tier = body.get("properties", {}).get("accessTier")
        if body["kind"] == "BlobStorage" and not tier:
            message = "Account property accessTier is required for the request."
            raise Refused(400, "MissingRequiredAccountProperty", message)
        if body["kind"] == "BlockBlobStorage" and tier:
            message = f"Account property {tier} is invalid for the request."
            raise Refused(400, "InvalidRequestPropertyValue", message)
        if self.forbids_shared_keys and body["properties"].get("allowSharedKeyAccess", True):
            message = "Resource was disallowed by policy 'no shared keys'."
            raise Refused(403, "RequestDisallowedByPolicy", message)

    def _new_account(self, id: str, name: str, body: Body) -> Body:
        sku = body["sku"]["name"]
        return {
            "id": id,
            "name": name,
            "type": _STORAGE,
            "kind": body["kind"],
            "location": body["location"],
            "sku": {"name": sku, "tier": sku.partition("_")[0]},
            "tags": body.get("tags") or {},
            "properties": {
                "networkAcls": {"defaultAction": "Allow", "bypass": "AzureServices"},
                "publicNetworkAccess": "Enabled",
                **body.get("properties", {}),
                "provisioningState": "Succeeded",
                "creationTime": timestamp(),
                "primaryLocation": body["location"],
                "statusOfPrimary": "available",
                "primaryEndpoints": {"blob": f"{self.blob_url}/{name}/"},
            },
        }

    def _found_account(self, subscription: str, group: str, name: str) -> Account:
        where = f"/subscriptions/{subscription}/resourceGroups/{group}"
        self._arm.found_group(where, group)
        found = self.accounts.get(name.lower())
        if found is None or found.group != where.lower():
            raise Refused(
                404,
                "ResourceNotFound",
                f"The Resource '{_STORAGE}/{name}' under resource group '{group}' was not found.",
            )
        return found

    def _found_parent(self, action: str, *where: str) -> Account:
        try:
            return self._found_account(*where)
        except Refused as refused:
            if refused.code != "ResourceNotFound":
                raise
            message = (
                f"Failed to perform '{action}' on resource(s) of type 'storageAccounts/blobServices"
                f"/containers', because the parent resource '{where[-1]}' could not be found."
            )
            raise Refused(404, "ParentResourceNotFound", message) from None

    def _list_keys(self, _: Request, *where: str) -> Response:
        account = self._found_account(*where)
        self._arm.demand(f"{_STORAGE}/listKeys/action", account.id)
        keys = [
            {"keyName": f"key{n}", "value": key, "permissions": "FULL", "creationTime": timestamp()}
            for n, key in enumerate(account.keys, 1)
        ]
        return answer({"keys": keys})

    def _list_containers(self, request: Request, *where: str) -> Response:
        self._arm.demand(f"{_IN_ACCOUNT}/read", request.path)
        found = self._found_account(*where).containers
        return answer({"value": [_listed(found[name].body) for name in sorted(found)]})

    def _container(
        self, request: Request, subscription: str, group: str, name: str, container: str
    ) -> Response:
        action = {"GET": "read", "DELETE": "delete"}.get(request.method, "write")
        self._arm.demand(f"{_IN_ACCOUNT}/{action}", request.path)
        account = self._found_parent(action, subscription, group, name)
        if request.method == "PUT":
            return _put_container(request, account, container)
        found = account.containers.get(container)
        if found is None:
            message = "The specified container does not exist."
            raise Refused(404, "ContainerNotFound", message)
        if request.method == "PATCH":
            found.body["properties"] |= sent(request).get("properties", {})
        if request.method == "DELETE":
            del account.containers[container]
            return empty(200)
        return answer(found.body)

    def _list_others(self, request: Request, *where: str) -> Response:
        *place, kind = where
        self._arm.demand(f"{_STORAGE}/read", request.path)
        names = self._with_service(kind, *place).others.get(kind, [])
        return answer({"value": [{"name": name, "properties": {}} for name in names]})

    def _make_other(self, request: Request, *where: str) -> Response:
        *place, kind, name = where
        self._arm.demand(f"{_STORAGE}/write", request.path)
        self._with_service(kind, *place).others.setdefault(kind, []).append(name)
        return answer({"name": name, "properties": {}}, 201)

    def _with_service(self, kind: str, *where: str) -> Account:
        account = self._found_account(*where)
        if account.body["kind"] in _BLOBS_ONLY:
            service = kind.partition("Service")[0].capitalize()
            message = f"{service} is not supported for the account."
            raise Refused(400, "FeatureNotSupportedForAccount", message)
        return account


def _change_account(account: Account, wanted: Body) -> None:
    _demand_rules(wanted)
    body = account.body
    if (location := wanted.get("location")) and location != body["location"]:
        message = f"The resource already exists in location '{body['location']}'."
        raise Refused(409, "InvalidResourceLocation", message)
    if sku := wanted.get("sku"):
        body["sku"] = {"name": sku["name"], "tier": sku["name"].partition("_")[0]}
    if "tags" in wanted:
        body["tags"] = wanted["tags"]
    body["properties"] |= wanted.get("properties", {})


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


def _demand_rules(body: Body) -> None:
    """Refuse the network rules that ARM does: a range of one or two addresses is none."""
    acls = body.get("properties", {}).get("networkAcls") or {}
    for one in acls.get("ipRules") or []:
        _, slash, prefix = one["value"].partition("/")
        if slash and not (prefix.isdecimal() and int(prefix) <= 30):
            message = (
                "Values for request parameters are invalid: networkAcls.ipRules[*].value. For more "
                "information, see - https://aka.ms/storagenetworkruleset"
            )
            raise Refused(400, "InvalidValuesForRequestParameters", message)


def _listed(container: Body) -> Body:
    """A container as the list has it: without its metadata."""
    told = {k: v for k, v in container["properties"].items() if k != "metadata"}
    return {**container, "properties": told}


def _bad_account(name: str) -> Refused:
    return Refused(
        400,
        "AccountNameInvalid",
        f"{name} is not a valid storage account name. Storage account name must be between 3 and "
        f"24 characters in length and use numbers and lower-case letters only.",
    )


def _taken(name: str) -> Refused:
    message = f"The storage account named {name} is already taken."
    return Refused(409, "StorageAccountAlreadyTaken", message)
