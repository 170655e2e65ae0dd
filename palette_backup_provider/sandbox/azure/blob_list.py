"""The list of a container: its blobs in the order of their names, folded at a delimiter."""

import base64
from itertools import islice
from xml.sax.saxutils import escape

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.azure.accounts import Blob, Container
from palette_backup_provider.sandbox.azure.http import Refused

PAGE = 5000
_INCLUDED = {"metadata", "uncommittedblobs", "copy", "snapshots"}
"""What a list may include; copies and snapshots are never made here, so there are none."""


def listed(request: Request, container: Container, _: str) -> Response:
    """List Blobs."""
    prefix, delimiter = request.args.get("prefix", ""), request.args.get("delimiter", "")
    include = {part for part in request.args.get("include", "").split(",") if part}
    if unknown := include - _INCLUDED:
        message = f"List Blobs does not know include={min(unknown)} in this sandbox."
        raise Refused(400, "InvalidQueryParameterValue", message)
    start, size = _decoded(request.args.get("marker", "")), _size(request)
    blobs: dict[str, Blob | None] = dict(container.blobs)
    if "uncommittedblobs" in include:
        blobs = {**dict.fromkeys(container.staged), **blobs}
    below = (name for name in sorted(blobs) if name.startswith(prefix))
    entries = dict.fromkeys(_folded(name, prefix, delimiter) for name in below)
    rest = [(name, folder) for name, folder in entries if name >= start]
    shown = "".join(
        f"<BlobPrefix><Name>{escape(name)}</Name></BlobPrefix>"
        if folder
        else _entry(name, blobs[name], "metadata" in include)
        for name, folder in rest[:size]
    )
    marker = next((_encoded(name) for name, _ in islice(rest, size, None)), "")
    folded = f"<Delimiter>{escape(delimiter)}</Delimiter>" if delimiter else ""
    body = (
        f'\ufeff<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Prefix>{escape(prefix)}'
        f"</Prefix>{folded}<Blobs>{shown}</Blobs><NextMarker>{marker}</NextMarker>"
        f"</EnumerationResults>"
    )
    return Response(body, content_type="application/xml")


def _folded(name: str, prefix: str, delimiter: str) -> tuple[str, bool]:
    """The name, or its folder where it is below one; and whether that is a folder."""
    rest = name.removeprefix(prefix)
    if not delimiter or delimiter not in rest:
        return name, False
    return f"{prefix}{rest.partition(delimiter)[0]}{delimiter}", True


def _entry(name: str, blob: Blob | None, with_metadata: bool) -> str:
    if blob is None:
        properties = {"Content-Length": "0", "BlobType": "BlockBlob"}
        about = f"<Properties>{_elements(properties)}</Properties>"
        return f"<Blob><Name>{escape(name)}</Name>{about}</Blob>"
    properties = {
        "Last-Modified": blob.version["Last-Modified"],
        "Etag": blob.version["ETag"].strip('"'),
        "Content-Length": str(len(blob.content)),
        **blob.headers,
        "BlobType": "BlockBlob",
        "AccessTier": blob.tier,
    }
    metadata = f"<Metadata>{_elements(blob.metadata)}</Metadata>" if with_metadata else ""
    about = f"<Properties>{_elements(properties)}</Properties>{metadata}"
    return f"<Blob><Name>{escape(name)}</Name>{about}</Blob>"


def _elements(values: dict[str, str]) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())


def _size(request: Request) -> int:
    text = request.args.get("maxresults", str(PAGE))
    if not text.isdecimal() or not int(text):
        raise Refused(400, "OutOfRangeQueryParameterValue", f"maxresults is {text!r}.")
    return min(int(text), PAGE)


def _encoded(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode()


def _decoded(marker: str) -> str:
    try:
        return base64.urlsafe_b64decode(marker).decode()
    except ValueError:
        raise Refused(400, "InvalidQueryParameterValue", f"marker is {marker!r}.") from None
