"""How a blob comes to be: as a whole, or out of blocks that were put before."""

import base64
import binascii
import hashlib
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.azure.accounts import Blob, Container
from palette_backup_provider.sandbox.azure.conditions import demand_conditions
from palette_backup_provider.sandbox.azure.http import Refused

METADATA = "x-ms-meta-"
_SHOWN = {
    "x-ms-blob-content-type": "Content-Type",
    "x-ms-blob-content-encoding": "Content-Encoding",
    "x-ms-blob-content-language": "Content-Language",
    "x-ms-blob-content-disposition": "Content-Disposition",
    "x-ms-blob-cache-control": "Cache-Control",
    "x-ms-blob-content-md5": "Content-MD5",
}
"""Properties that a blob is given, and the headers that show them."""
MADE_WITH = {*_SHOWN, "x-ms-access-tier"}
_TIERS = ("Hot", "Cool", "Cold")
_LONGEST_ID = 64


def put_blob(request: Request, container: Container, name: str) -> Response:
    """Put Blob."""
    if (kind := request.headers.get("x-ms-blob-type")) != "BlockBlob":
        message = f"This sandbox keeps block blobs only, and x-ms-blob-type is {kind}."
        raise Refused(400, "InvalidHeaderValue", message)
    demand_conditions(request, container.blobs.get(name))
    content = _whole(request)
    blob = _made(request, content)
    blob.headers.setdefault("Content-MD5", md5(content))
    return _kept(container, name, blob)


def put_block(request: Request, container: Container, name: str) -> Response:
    """Put Block: nothing of it shows before a list commits it."""
    id = request.args.get("blockid", "")
    staged = container.staged.get(name, {})
    if not 0 < len(_decoded(id)) <= _LONGEST_ID:
        message = f"The block id {id!r} is not 1 to {_LONGEST_ID} bytes in base64."
        raise Refused(400, "InvalidQueryParameterValue", message)
    if staged and len(id) != len(next(iter(staged))):
        message = "The specified blob or block content is invalid: ids of blocks differ in length."
        raise Refused(400, "InvalidBlobOrBlock", message)
    content = _whole(request)
    container.staged.setdefault(name, {})[id] = content
    return Response(status=201, headers={"Content-MD5": md5(content)})


def put_block_list(request: Request, container: Container, name: str) -> Response:
    """Put Block List: the blob is its blocks, in the order of the list."""
    old = container.blobs.get(name)
    demand_conditions(request, old)
    committed, staged = old.blocks if old else {}, container.staged.get(name, {})
    where = {"Committed": committed, "Uncommitted": staged, "Latest": {**committed, **staged}}
    blocks = {}
    parts = []
    for element in _xml(_whole(request), "BlockList"):
        id = (element.text or "").strip()
        if element.tag not in where or id not in where[element.tag]:
            message = f"The specified block list is invalid: no block {id} is {element.tag}."
            raise Refused(400, "InvalidBlockList", message)
        blocks[id] = where[element.tag][id]
        parts.append(blocks[id])
    blob = _made(request, b"".join(parts))
    blob.blocks = blocks
    return _kept(container, name, blob)


def get_block_list(request: Request, container: Container, name: str) -> Response:
    """Get Block List."""
    kind = request.args.get("blocklisttype", "committed")
    blob, staged = container.blobs.get(name), container.staged.get(name, {})
    if blob is None and not staged:
        raise absent()
    lists = {"committed": blob.blocks if blob else {}, "uncommitted": staged}
    if kind not in (*lists, "all"):
        raise Refused(400, "InvalidQueryParameterValue", f"blocklisttype is {kind!r}.")
    body = "".join(
        f"<{which.capitalize()}Blocks>{_blocks(blocks)}</{which.capitalize()}Blocks>"
        for which, blocks in lists.items()
        if kind in (which, "all")
    )
    length = {"x-ms-blob-content-length": str(len(blob.content) if blob else 0)}
    text = f'\ufeff<?xml version="1.0" encoding="utf-8"?><BlockList>{body}</BlockList>'
    return Response(text, headers=length, content_type="application/xml")


def _made(request: Request, content: bytes) -> Blob:
    headers = {
        shown: request.headers[name] for name, shown in _SHOWN.items() if name in request.headers
    }
    headers.setdefault("Content-Type", "application/octet-stream")
    tier = request.headers.get("x-ms-access-tier", _TIERS[0])
    if tier not in _TIERS:
        message = f"This sandbox keeps blobs in the tiers {', '.join(_TIERS)}, and not in {tier}."
        raise Refused(400, "InvalidHeaderValue", message)
    metadata = {
        name.lower().removeprefix(METADATA): value
        for name, value in request.headers.items()
        if name.lower().startswith(METADATA)
    }
    return Blob(content, headers, metadata, tier)


def _kept(container: Container, name: str, blob: Blob) -> Response:
    container.blobs[name] = blob
    container.staged.pop(name, None)
    hashes = {name: blob.headers[name] for name in ("Content-MD5",) if name in blob.headers}
    encrypted = {"x-ms-request-server-encrypted": "true"}
    return Response(status=201, headers={**blob.version, **encrypted, **hashes})


def _whole(request: Request) -> bytes:
    """The body, if it is what its hash says."""
    content = request.get_data()
    if request.headers.get("Content-MD5", md5(content)) != md5(content):
        message = "The MD5 value specified in the request did not match the MD5 value calculated."
        raise Refused(400, "Md5Mismatch", message)
    return content


def md5(content: bytes) -> str:
    """The hash as headers have it."""
    return base64.b64encode(hashlib.md5(content).digest()).decode()


def _decoded(id: str) -> bytes:
    try:
        return base64.b64decode(id, validate=True)
    except binascii.Error:
        return b""


def _xml(content: bytes, root: str) -> ElementTree.Element:
    try:
        document = ElementTree.fromstring(content)
    except ElementTree.ParseError:
        document = ElementTree.Element("none")
    if document.tag != root:
        raise Refused(400, "InvalidXmlDocument", f"The body is no XML document {root}.")
    return document


def _blocks(blocks: dict[str, bytes]) -> str:
    return "".join(
        f"<Block><Name>{escape(id)}</Name><Size>{len(content)}</Size></Block>"
        for id, content in blocks.items()
    )


def absent() -> Refused:
    """There is no such blob."""
    return Refused(404, "BlobNotFound", "The specified blob does not exist.")
