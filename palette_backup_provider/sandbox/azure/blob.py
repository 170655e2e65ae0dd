"""Azure Blob Storage: blobs of the accounts made in ARM, by shared key, by token or by SAS."""

import base64
import hashlib
import hmac
import threading
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.azure.accounts import Account
from palette_backup_provider.sandbox.azure.blob_calls import Call, find
from palette_backup_provider.sandbox.azure.directory import Caller
from palette_backup_provider.sandbox.azure.entra import Entra
from palette_backup_provider.sandbox.azure.http import Body, Refused, guid
from palette_backup_provider.sandbox.azure.known_errors import BLOB_ERRORS
from palette_backup_provider.sandbox.azure.roles import Access, denied_data
from palette_backup_provider.sandbox.azure.sas import PARAMETERS, DelegationKeys, Sas
from palette_backup_provider.sandbox.azure.storage import Storage

_CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers"
_DELEGATE = "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action"
_SIGNED = (
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Content-MD5",
    "Content-Type",
    "Date",
    "If-Modified-Since",
    "If-Match",
    "If-None-Match",
    "If-Unmodified-Since",
    "Range",
)


class Blobs:
    """The data plane as a service behind a proxy; paths are `/account/container/blob`."""

    name = "azure-blob"
    errors = BLOB_ERRORS

    def __init__(
        self, storage: Storage, access: Access, entra: Entra, lock: threading.Lock
    ) -> None:
        self._storage, self._access, self._entra, self._lock = storage, access, entra, lock
        self._delegation = DelegationKeys(entra.clock)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        try:
            with self._lock:
                response = self._answer(request)
        except Refused as refused:
            response = refused.for_blobs()
        response.headers.setdefault("x-ms-request-id", guid())
        response.headers["x-ms-version"] = request.headers.get("x-ms-version", "")
        return response(environ, start_response)

    def call(self, request: Request) -> str | None:
        """Method and what it is about, such as `PUT blob`."""
        _, container, blob = _path(request)
        return f"{request.method} {'blob' if blob else 'container' if container else 'account'}"

    def credential_made_at(self, request: Request) -> float | None:
        """When the caller of a token was given a role last; keys of accounts are good at once."""
        caller = self._entra.caller(request)
        return self._access.newest(caller) if caller else None

    def unknown(self, request: Request) -> Response:
        """A role that is too fresh."""
        return denied_data().for_blobs()

    def refused(self, request: Request, code: str) -> Response:
        """As Azure Storage says it."""
        error = BLOB_ERRORS[code]
        return Refused(error.status, code, error.message).for_blobs()

    def too_many(self) -> None:
        """No limit holds here."""
        return None

    def _answer(self, request: Request) -> Response:
        name, container, blob = _path(request)
        account = self._storage.accounts.get(name)
        if account is None:
            raise _refused(request)
        if not container and request.args.get("comp") == "userdelegationkey":
            return self._delegate(request, account)
        level = "blob" if blob else "container" if container else "account"
        call = find(request, level)
        target = account.containers.get(container)
        exists = bool(target and blob in target.blobs)
        sas = self._authorise(request, account, call, exists)
        call.demand_known(request, PARAMETERS if sas else frozenset())
        if target is None:
            message = "The specified container does not exist."
            raise Refused(404, "ContainerNotFound", message)
        response = call.handle(request, target, blob)
        if sas:
            response.headers.update(sas.answer)
        return response

    def _delegate(self, request: Request, account: Account) -> Response:
        caller = self._signed_in(request, account)
        self._access.demand(caller, _DELEGATE, account.id)
        return self._delegation.give(request, account, caller)

    def _authorise(
        self, request: Request, account: Account, call: Call, exists: bool
    ) -> Sas | None:
        """Refuse the caller if need be. The SAS, if one is shown."""
        scheme, _, proof = request.headers.get("Authorization", "").partition(" ")
        sas = None
        if scheme == "SharedKey":
            _demand_key(request, account, proof)
        elif scheme or "sig" not in request.args:
            self._demand_role(self._signed_in(request, account), request, account, call)
        else:
            sas = self._demand_signature(request, account, call, exists)
        if not _let_in(request, account.body["properties"]):
            message = "This request is not authorized to perform this operation."
            raise Refused(403, "AuthorizationFailure", message)
        return sas

    def _demand_signature(
        self, request: Request, account: Account, call: Call, exists: bool
    ) -> Sas:
        _, container, blob = _path(request)
        sas = self._delegation.read(request, account, container, blob)
        allowing = call.permissions.replace("c", "") if exists else call.permissions
        if not set(allowing) & set(sas.permissions):
            raise denied_data()
        if sas.delegated:
            id, tenant = sas.delegated
            principal = self._entra.principals.get(id)
            if principal is None:
                raise _refused(request)
            self._demand_role(Caller(tenant, principal, ""), request, account, call)
        return sas

    def _signed_in(self, request: Request, account: Account) -> Caller:
        caller = self._entra.caller(request)
        if caller is None:
            raise _refused(request)
        if "storage.azure.com" not in caller.audience and account.id not in caller.audience:
            message = "Issuer validation failed. Audience did not match."
            raise Refused(401, "InvalidAuthenticationInfo", message)
        return caller

    def _demand_role(self, caller: Caller, request: Request, account: Account, call: Call) -> None:
        _, container, _ = _path(request)
        scope = f"{account.id}/blobServices/default/containers/{container}"
        if call.action:
            self._access.demand_data(caller, f"{_CONTAINERS}/blobs/{call.action}", scope)
        elif not self._access.permits(caller, f"{_CONTAINERS}/read", scope):
            raise denied_data()


def _demand_key(request: Request, account: Account, proof: str) -> None:
    if not account.body["properties"].get("allowSharedKeyAccess", True):
        message = "Key based authentication is not permitted on this storage account."
        raise Refused(403, "KeyBasedAuthenticationNotPermitted", message)
    signer, _, signature = proof.partition(":")
    signatures = [_signature(request, signer, key) for key in account.keys]
    if signer != account.body["name"] or signature not in signatures:
        raise _refused(request)


def _let_in(request: Request, properties: Body) -> bool:
    """Whether the account's network settings let the machine in that asks."""
    if properties["publicNetworkAccess"] == "Disabled":
        return False
    rules = properties["networkAcls"]
    allowed = [rule["value"] for rule in rules.get("ipRules", [])]
    return rules.get("defaultAction") != "Deny" or request.remote_addr in allowed


def _path(request: Request) -> tuple[str, str, str]:
    account, _, rest = request.path.lstrip("/").partition("/")
    container, _, blob = rest.partition("/")
    return account, container, blob


def _signature(request: Request, account: str, key: str) -> str:
    headers = [request.headers.get(name, "") for name in _SIGNED]
    headers[2] = "" if headers[2] == "0" else headers[2]
    if "x-ms-date" in request.headers:
        headers[5] = ""
    all_headers = sorted((name.lower(), value.strip()) for name, value in request.headers.items())
    ours = [f"{name}:{value}" for name, value in all_headers if name.startswith("x-ms-")]
    query = sorted(f"{k.lower()}:{','.join(sorted(v))}" for k, v in request.args.lists())
    path = request.environ["REQUEST_URI"].partition("?")[0]
    text = "\n".join([request.method, *headers, *ours, f"/{account}{path}", *query])
    digest = hmac.new(base64.b64decode(key), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _refused(request: Request) -> Refused:
    return Refused(
        403,
        "AuthenticationFailed",
        "Server failed to authenticate the request. Make sure the value of Authorization header "
        "is formed correctly including the signature.",
    )
