"""Whether what was sent to S3 is what its hashes say; moto keeps it either way."""

import base64
import hashlib
import zlib
from collections.abc import Callable

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.aws.call import Call
from palette_backup_provider.sandbox.aws.refusals import refusal

_HASHES: dict[str, Callable[[bytes], bytes]] = {
    "content-md5": lambda data: hashlib.md5(data).digest(),
    "x-amz-checksum-crc32": lambda data: zlib.crc32(data).to_bytes(4, "big"),
    "x-amz-checksum-sha1": lambda data: hashlib.sha1(data).digest(),
    "x-amz-checksum-sha256": lambda data: hashlib.sha256(data).digest(),
}
"""By header or trailer. What Python's library cannot compute is believed."""


def wrong_digest(call: Call, request: Request) -> Response | None:
    """Refuse a body that is not what one of its hashes says."""
    if call.service != "s3" or request.method not in ("PUT", "POST"):
        return None
    if call.operation == "CompleteMultipartUpload":
        return None  # its checksum is of the object
    data, headers = request.get_data(), {name.lower(): value for name, value in request.headers}
    if headers.get("x-amz-content-sha256", "").startswith("STREAMING-"):
        data, trailers = _unchunked(data)
        headers |= trailers
    for name, of in _HASHES.items():
        if name in headers and headers[name] != base64.b64encode(of(data)).decode():
            message = f"The {name} you specified did not match what we received."
            return refusal(call, "BadDigest", message, 400)
    return None


def _unchunked(body: bytes) -> tuple[bytes, dict[str, str]]:
    """The content of a body in signed or unsigned chunks, and its trailers."""
    parts = []
    while True:
        head, _, body = body.partition(b"\r\n")
        size = int(head.partition(b";")[0] or b"0", 16)
        if not size:
            break
        parts.append(body[:size])
        body = body[size + 2 :]
    lines = (line.partition(b":") for line in body.split(b"\r\n") if b":" in line)
    trailers = {name.decode().lower(): value.decode().strip() for name, _, value in lines}
    return b"".join(parts), trailers
