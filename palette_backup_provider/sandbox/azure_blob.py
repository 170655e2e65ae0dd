"""Azure Blob Storage: blobs of the accounts made in ARM, by shared key or by token."""

import base64
import hashlib
import hmac
import threading
from collections.abc import Iterable
from email.utils import formatdate
from wsgiref.types import StartResponse, WSGIEnvironment
from xml.sax.saxutils import escape

from werkzeug.http import parse_range_header
from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.azure_entra import Entra
from palette_backup_provider.sandbox.azure_roles import Access, denied_data
from palette_backup_provider.sandbox.azure_storage import Account, Container, Storage
from palette_backup_provider.sandbox.azure_wire import Body, Refused, guid

_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
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

    def __init__(
        self, storage: Storage, access: Access, entra: Entra, lock: threading.Lock
    ) -> None:
        self._storage, self._access, self._entra, self._lock = storage, access, entra, lock

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

    def born(self, request: Request) -> float | None:
        """When the caller of a token was given a role last; keys of accounts are good at once."""
        caller = self._entra.caller(request)
        return self._access.newest(caller) if caller else None

    def unknown(self, request: Request) -> Response:
        """A role that is too fresh."""
        return denied_data().for_blobs()

    def too_many(self) -> None:
        """No limit holds here."""
        return None

    def _answer(self, request: Request) -> Response:
        name, container, blob = _path(request)
        account = self._storage.accounts.get(name)
        if account is None:
            raise _refused(request)
        self._authorise(request, account)
        if not container:
            raise Refused(400, "UnsupportedHttpVerb", "Only containers and blobs are served here.")
        found = account.containers.get(container)
        if found is None:
            message = "The specified container does not exist."
            raise Refused(404, "ContainerNotFound", message)
        if not blob:
            return _listed(request, found)
        return _blob(request, found, blob)

    def _authorise(self, request: Request, account: Account) -> None:
        scheme, _, proof = request.headers.get("Authorization", "").partition(" ")
        if scheme == "SharedKey":
            if not account.body["properties"].get("allowSharedKeyAccess", True):
                message = "Key based authentication is not permitted on this storage account."
                raise Refused(403, "KeyBasedAuthenticationNotPermitted", message)
            signer, _, signature = proof.partition(":")
            wanted = [_signature(request, signer, key) for key in account.keys]
            if signer != account.body["name"] or signature not in wanted:
                raise _refused(request)
        else:
            self._authorise_token(request, account)
        if not _let_in(request, account.body["properties"]):
            message = "This request is not authorized to perform this operation."
            raise Refused(403, "AuthorizationFailure", message)

    def _authorise_token(self, request: Request, account: Account) -> None:
        caller = self._entra.caller(request)
        if caller is None:
            raise _refused(request)
        if "storage.azure.com" not in caller.audience and account.id not in caller.audience:
            message = "Issuer validation failed. Audience did not match."
            raise Refused(401, "InvalidAuthenticationInfo", message)
        action = {"GET": "read", "HEAD": "read", "DELETE": "delete"}.get(request.method, "write")
        self._access.demand_data(caller, f"{_BLOBS}/{action}", account.id)


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
    ours = sorted(
        f"{name.lower()}:{value.strip()}"
        for name, value in request.headers.items()
        if name.lower().startswith("x-ms-")
    )
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


def _listed(request: Request, container: Container) -> Response:
    if request.method != "GET" or request.args.get("comp") != "list":
        raise Refused(400, "UnsupportedHttpVerb", "Only a container's list is served here.")
    prefix = request.args.get("prefix", "")
    blobs = "".join(
        f"<Blob><Name>{escape(name)}</Name><Properties><Content-Length>{len(content)}"
        f"</Content-Length><Content-Type>{escape(kind)}</Content-Type><BlobType>BlockBlob"
        f"</BlobType><Last-Modified>{formatdate(usegmt=True)}</Last-Modified></Properties></Blob>"
        for name, (content, kind) in sorted(container.blobs.items())
        if name.startswith(prefix)
    )
    body = (
        f'\ufeff<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Prefix>{escape(prefix)}'
        f"</Prefix><Blobs>{blobs}</Blobs><NextMarker /></EnumerationResults>"
    )
    return Response(body, content_type="application/xml")


def _blob(request: Request, container: Container, name: str) -> Response:
    seen = {"ETag": '"0x8D"', "Last-Modified": formatdate(usegmt=True)}
    if request.method == "PUT":
        kind = request.headers.get("x-ms-blob-content-type") or request.content_type or ""
        container.blobs[name] = (request.get_data(), kind)
        return Response(status=201, headers={**seen, "x-ms-request-server-encrypted": "true"})
    if name not in container.blobs:
        raise Refused(404, "BlobNotFound", "The specified blob does not exist.")
    if request.method == "DELETE":
        del container.blobs[name]
        return Response(status=202)
    content, kind = container.blobs[name]
    seen["x-ms-blob-type"] = "BlockBlob"
    wanted = parse_range_header(request.headers.get("x-ms-range") or request.headers.get("Range"))
    if wanted is None:
        return Response(content, 200, seen, content_type=kind)
    first, end = wanted.range_for_length(len(content)) or (0, 0)
    if first == end:
        message = "The range specified is invalid for the current size of the resource."
        raise Refused(416, "InvalidRange", message)
    seen["Content-Range"] = f"bytes {first}-{end - 1}/{len(content)}"
    return Response(content[first:end], 206, seen, content_type=kind)
