"""The calls of the Blob service that this sandbox knows, each with all that it knows of it.

A call, a header or a query parameter that is not listed here is refused by its name. A store that
ignores what it is told keeps other data than its client believes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate

from werkzeug.http import parse_range_header
from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.azure.accounts import Blob, Container
from palette_backup_provider.sandbox.azure.blob_list import listed
from palette_backup_provider.sandbox.azure.blob_put import (
    MADE_WITH,
    METADATA,
    absent,
    get_block_list,
    md5,
    put_blob,
    put_block,
    put_block_list,
)
from palette_backup_provider.sandbox.azure.conditions import CONDITIONS, demand_conditions
from palette_backup_provider.sandbox.azure.http import Refused

Handle = Callable[[Request, Container, str], Response]

_OF_ANY_CALL = {
    "x-ms-client-request-id",
    "x-ms-date",
    "x-ms-return-client-request-id",
    "x-ms-version",
}
_STANDARD = {*CONDITIONS, "range", "content-md5", "content-encoding", "content-language"}
"""Headers of HTTP that mean something to a store, besides those of any message."""


@dataclass(frozen=True)
class Call:
    """One call, with what it takes besides what every call takes."""

    name: str
    handle: Handle
    action: str
    """What a role has to allow on the blobs."""
    permissions: str
    """The letters of a SAS, any of which allows it."""
    query: frozenset[str] = frozenset()
    headers: frozenset[str] = frozenset()
    metadata: bool = False

    def demand_known(self, request: Request, signed: frozenset[str]) -> None:
        """Refuse what this call does not know; `signed` are the parameters of a SAS."""
        for name in request.args:
            if name not in {*self.query, *signed, "comp", "restype", "timeout"}:
                message = f"{self.name} does not know the query parameter {name} in this sandbox."
                raise Refused(400, "UnsupportedQueryParameter", message)
        for name in (name.lower() for name, _ in request.headers):
            tells = name.startswith("x-ms-") or name in _STANDARD
            ours = name in self.headers or name in _OF_ANY_CALL
            if tells and not ours and not (self.metadata and name.startswith(METADATA)):
                message = f"{self.name} does not know the header {name} in this sandbox."
                raise Refused(400, "UnsupportedHeader", message)


def find(request: Request, level: str) -> Call:
    """The call that a request makes on an `account`, a `container` or a `blob`."""
    comp = request.args.get("comp", "")
    call = CALLS.get((request.method, level, comp))
    restype = "container" if level == "container" else None
    if call is None or request.args.get("restype") != restype:
        kind = request.args.get("restype", "")
        what = " ".join(f"{k}={v}" for k, v in (("restype", kind), ("comp", comp)) if v)
        message = f"This sandbox does not know the call {request.method} {level} {what}".rstrip()
        raise Refused(400, "UnsupportedHttpVerb", f"{message}.")
    return call


def _get_blob(request: Request, container: Container, name: str) -> Response:
    if (blob := container.blobs.get(name)) is None:
        raise absent()
    demand_conditions(request, blob)
    headers = {**blob.headers, **blob.version, **_shown(blob)}
    kind, whole = headers.pop("Content-Type", "application/octet-stream"), len(blob.content)
    ranges = parse_range_header(request.headers.get("x-ms-range") or request.headers.get("Range"))
    if ranges is None or request.method == "HEAD":
        return Response(blob.content, 200, headers, content_type=kind)
    first, end = ranges.range_for_length(whole) or (0, 0)
    if first == end:
        message = "The range specified is invalid for the current size of the resource."
        raise Refused(416, "InvalidRange", message)
    part = blob.content[first:end]
    headers["Content-Range"] = f"bytes {first}-{end - 1}/{whole}"
    if of_whole := headers.pop("Content-MD5", None):
        headers["x-ms-blob-content-md5"] = of_whole
    if request.headers.get("x-ms-range-get-content-md5", "").lower() == "true":
        headers["Content-MD5"] = md5(part)
    return Response(part, 206, headers, content_type=kind)


def _delete_blob(request: Request, container: Container, name: str) -> Response:
    if (blob := container.blobs.get(name)) is None:
        raise absent()
    demand_conditions(request, blob)
    snapshots = request.headers.get("x-ms-delete-snapshots", "include")
    if snapshots not in ("include", "only"):
        raise Refused(400, "InvalidHeaderValue", f"x-ms-delete-snapshots is {snapshots!r}.")
    if snapshots == "include":  # there are no snapshots here
        del container.blobs[name]
    return Response(status=202, headers={"x-ms-delete-type-permanent": "true"})


def _get_container(request: Request, container: Container, _: str) -> Response:
    about = container.body.get("properties", {})
    metadata = {f"{METADATA}{k}": v for k, v in (about.get("metadata") or {}).items()}
    headers = {"ETag": container.body.get("etag", ""), "Last-Modified": formatdate(usegmt=True)}
    return Response(headers={**headers, **metadata, "x-ms-lease-state": "available"})


_WRITE = frozenset({*MADE_WITH, *CONDITIONS, "content-md5", "x-ms-blob-type"})
_READ = frozenset({*CONDITIONS, "range", "x-ms-range", "x-ms-range-get-content-md5"})
_SNAPSHOTS = frozenset({*CONDITIONS, "x-ms-delete-snapshots"})
_LIST = frozenset({"prefix", "delimiter", "marker", "maxresults", "include"})
_PROPERTIES = Call("Get Container Properties", _get_container, "", "")
CALLS: dict[tuple[str, str, str], Call] = {
    ("PUT", "blob", ""): Call("Put Blob", put_blob, "write", "cw", headers=_WRITE, metadata=True),
    # clients send with a block what they send with the list, where alone it means something
    ("PUT", "blob", "block"): Call(
        "Put Block",
        put_block,
        "write",
        "cw",
        frozenset({"blockid"}),
        _WRITE - {"x-ms-blob-type"},
        metadata=True,
    ),
    ("PUT", "blob", "blocklist"): Call(
        "Put Block List",
        put_block_list,
        "write",
        "cw",
        headers=_WRITE - {"x-ms-blob-type"},
        metadata=True,
    ),
    ("GET", "blob", "blocklist"): Call(
        "Get Block List", get_block_list, "read", "r", frozenset({"blocklisttype"})
    ),
    ("GET", "blob", ""): Call("Get Blob", _get_blob, "read", "r", headers=_READ),
    ("HEAD", "blob", ""): Call("Get Blob Properties", _get_blob, "read", "r", headers=_READ),
    ("DELETE", "blob", ""): Call("Delete Blob", _delete_blob, "delete", "d", headers=_SNAPSHOTS),
    ("GET", "container", "list"): Call("List Blobs", listed, "read", "l", query=_LIST),
    ("GET", "container", ""): _PROPERTIES,
    ("HEAD", "container", ""): _PROPERTIES,
}
"""By method, what it is called on, and the parameter `comp`."""


def _shown(blob: Blob) -> dict[str, str]:
    return {
        "Accept-Ranges": "bytes",
        "x-ms-blob-type": "BlockBlob",
        "x-ms-access-tier": blob.tier,
        "x-ms-creation-time": blob.version["Last-Modified"],
        "x-ms-lease-state": "available",
        "x-ms-lease-status": "unlocked",
        "x-ms-server-encrypted": "true",
        **{f"{METADATA}{name}": value for name, value in blob.metadata.items()},
    }
