"""Azure Storage as ARM has it: the accounts. What is in them is served by azure_contents.py."""

import re

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.azure.accounts import Account
from palette_backup_provider.sandbox.azure.arm import GROUP, SUBSCRIPTION, Arm
from palette_backup_provider.sandbox.azure.http import (
    Body,
    Refused,
    answer,
    demand_known,
    empty,
    sent,
    timestamp,
)
from palette_backup_provider.sandbox.azure.regions import AZURE, normalized

ACCOUNT = rf"{GROUP}/providers/Microsoft\.Storage/storageAccounts/([^/]+)"
STORAGE = "Microsoft.Storage/storageAccounts"
_SKUS = {
    *(f"Standard_{kind}" for kind in ("LRS", "GRS", "RAGRS", "ZRS", "GZRS", "RAGZRS")),
    *("Premium_LRS", "Premium_ZRS"),
}
BLOBS_ONLY = {"BlobStorage", "BlockBlobStorage"}
"""Kinds of accounts without shares, queues and tables."""
_KINDS = {"StorageV2", *BLOBS_ONLY, "FileStorage", "Storage"}

_OF_ACCOUNTS = ("kind", "location", "properties", "sku", "tags")
"""What is kept of one."""


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
        add("GET PUT PATCH DELETE", ACCOUNT, self._account)
        add("POST", rf"{ACCOUNT}/listKeys", self._list_keys)
        add("GET PUT", rf"{ACCOUNT}/managementPolicies/default", self._lifecycle)
        self.reset()

    def reset(self) -> None:
        """Without any account."""
        self.forbids_shared_keys = False
        """An Azure Policy that denies accounts whose shared keys work."""
        self._accounts: dict[str, Account] = {}

    @property
    def accounts(self) -> dict[str, Account]:
        """Those that are there, by name: with a group, all in it goes."""
        resources = self._arm.resources
        return {name: a for name, a in self._accounts.items() if a.id.lower() in resources}

    def _check_name(self, request: Request, _: str) -> Response:
        name = str(sent(request).get("name"))
        if not re.fullmatch("[a-z0-9]{3,24}", name):
            refusal = {"reason": "AccountNameInvalid", "message": _bad_account(name).message}
            return answer({"nameAvailable": False, **refusal})
        if name in self.accounts:
            refusal = {"reason": "AlreadyExists", "message": _taken(name).message}
            return answer({"nameAvailable": False, **refusal})
        return answer({"nameAvailable": True})

    def _list(self, request: Request, subscription: str) -> Response:
        scope = f"/subscriptions/{subscription}"
        self._arm.demand(f"{STORAGE}/read", scope)
        accounts = [a.body for a in self.accounts.values() if a.id.startswith(f"{scope}/")]
        return answer({"value": accounts})

    def _account(self, request: Request, subscription: str, group: str, name: str) -> Response:
        action = {"GET": "read", "DELETE": "delete"}.get(request.method, "write")
        self._arm.demand(f"{STORAGE}/{action}", request.path)
        if request.method == "PUT":
            return self._put_account(request, subscription, group, name)
        account = self.find_account(subscription, group, name)
        if request.method == "PATCH":
            _change_account(account, sent(request))
        if request.method == "DELETE":
            del self._arm.resources[account.id.lower()]
            return empty(200)
        return answer(account.body)

    def _put_account(self, request: Request, subscription: str, group: str, name: str) -> Response:
        body = sent(request)
        where = f"/subscriptions/{subscription}/resourceGroups/{group}"
        self._arm.find_group(where, group)
        if not re.fullmatch("[a-z0-9]{3,24}", name):
            raise _bad_account(name)
        self._demand_allowed(body)
        if "location" in body:
            body["location"] = _available(body["location"])
        if old := self.accounts.get(name):
            if old.group != where.lower():
                raise _taken(name)
            _change_account(old, body)
            return answer(old.body)
        _demand_rules(body)
        account = Account(self._new_account(request.path, name, body))

        def keep() -> None:
            self._accounts[name] = account
            self._arm.resources[account.id.lower()] = account.body

        return self._arm.begin(subscription, keep, account.body)

    def _demand_allowed(self, body: Body) -> None:
        demand_known(body, _OF_ACCOUNTS, "a storage account")
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
            "type": STORAGE,
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

    def find_account(self, subscription: str, group: str, name: str) -> Account:
        """The account; refuses as ARM does where there is none."""
        where = f"/subscriptions/{subscription}/resourceGroups/{group}"
        self._arm.find_group(where, group)
        account = self.accounts.get(name.lower())
        if account is None or account.group != where.lower():
            raise Refused(
                404,
                "ResourceNotFound",
                f"The Resource '{STORAGE}/{name}' under resource group '{group}' was not found.",
            )
        return account

    def _lifecycle(self, request: Request, *where: str) -> Response:
        action = "read" if request.method == "GET" else "write"
        account = self.find_account(*where)
        self._arm.demand(f"{STORAGE}/managementPolicies/{action}", account.id)
        if request.method == "PUT":
            account.lifecycle = {"name": "DefaultManagementPolicy", **sent(request)}
        if account.lifecycle is None:
            message = "No ManagementPolicy found for account."
            raise Refused(404, "ManagementPolicyNotFound", message)
        return answer(account.lifecycle)

    def _list_keys(self, _: Request, *where: str) -> Response:
        account = self.find_account(*where)
        self._arm.demand(f"{STORAGE}/listKeys/action", account.id)
        keys = [
            {"keyName": f"key{n}", "value": key, "permissions": "FULL", "creationTime": timestamp()}
            for n, key in enumerate(account.keys, 1)
        ]
        return answer({"keys": keys})


def _available(location: str) -> str:
    """The location as Azure keeps it; refuses one that is not there."""
    if normalized(location) not in AZURE:
        raise Refused(
            400,
            "LocationNotAvailableForResourceType",
            f"The provided location '{location}' is not available for resource type '{STORAGE}'. "
            f"List of available regions for the resource type is '{','.join(AZURE)}'.",
        )
    return normalized(location)


def _change_account(account: Account, changes: Body) -> None:
    demand_known(changes, _OF_ACCOUNTS, "a storage account")
    _demand_rules(changes)
    body = account.body
    if changes.get("kind", body["kind"]) != body["kind"]:
        message = f"This sandbox does not change kind {body['kind']} of a storage account."
        raise Refused(400, "InvalidRequestContent", message)
    if (location := changes.get("location")) and location != body["location"]:
        message = f"The resource already exists in location '{body['location']}'."
        raise Refused(409, "InvalidResourceLocation", message)
    if sku := changes.get("sku"):
        body["sku"] = {"name": sku["name"], "tier": sku["name"].partition("_")[0]}
    if "tags" in changes:
        body["tags"] = changes["tags"]
    body["properties"] |= changes.get("properties", {})


def _demand_rules(body: Body) -> None:
    """Refuse the network rules that ARM does: a range of one or two addresses is none."""
    acls = body.get("properties", {}).get("networkAcls") or {}
    for rule in acls.get("ipRules") or []:
        _, slash, prefix = rule["value"].partition("/")
        if slash and not (prefix.isdecimal() and int(prefix) <= 30):
            message = (
                "Values for request parameters are invalid: networkAcls.ipRules[*].value. For more "
                "information, see - https://aka.ms/storagenetworkruleset"
            )
            raise Refused(400, "InvalidValuesForRequestParameters", message)


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
