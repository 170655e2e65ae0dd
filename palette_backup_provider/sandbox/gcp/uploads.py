"""Uploads to Cloud Storage: as they are, with metadata, or in chunks of a session."""

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.gcp.query import unknown
from palette_backup_provider.sandbox.gcp.rules import absent, invalid
from palette_backup_provider.sandbox.json import Body

CHUNK = 256 * 1024
"""Bytes of which every chunk but the last is a multiple."""
_SETTABLE = {
    "bucket",
    "cacheControl",
    "contentDisposition",
    "contentEncoding",
    "contentLanguage",
    "contentType",
    "crc32c",
    "customTime",
    "kind",
    "md5Hash",
    "metadata",
    "name",
    "storageClass",
}
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")
_POLYNOMIAL = 0x82F63B78


@dataclass
class Upload:
    """What is to become an object."""

    about: Body
    """What the client says of it."""
    data: bytes = b""

    @property
    def name(self) -> str:
        return str(self.about["name"])

    def demand_whole(self, hashes: str) -> None:
        """Refuse data that is not what its hashes say; `hashes` is the header `X-Goog-Hash`."""
        by_name = dict(part.strip().split("=", 1) for part in hashes.split(",") if part)
        md5 = base64.b64encode(hashlib.md5(self.data).digest()).decode()
        if {self.about.get("md5Hash", md5), by_name.get("md5", md5)} != {md5}:
            raise invalid(f"Provided MD5 hash doesn't match calculated MD5 hash {md5!r}.")
        sums = {self.about.get("crc32c"), by_name.get("crc32c")} - {None}
        if sums and sums != {crc32c(self.data)}:
            raise invalid("Provided CRC32C doesn't match the calculated one.")


@dataclass
class Session:
    """A resumable upload."""

    bucket: str
    upload: Upload
    query: Mapping[str, str]
    member: str
    length: str
    """What the client said that it would be, if it did."""
    done: Body | None = None
    id: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def persisted(self) -> Response:
        """How much of it is here."""
        size = len(self.upload.data)
        headers = {"Range": f"bytes=0-{size - 1}"} if size else {}
        return Response(status=308, headers={**headers, "X-GUploader-UploadID": self.id})

    def add(self, request: Request) -> bool:
        """Take a chunk; whether it was the last."""
        sent, data = request.headers.get("Content-Range"), request.get_data()
        if sent is None:
            self.upload.data, first, total = b"", 0, str(len(data))
        else:
            if not (match := _RANGE.fullmatch(sent)):
                raise invalid(f"Failed to parse Content-Range header {sent!r}.")
            first = int(match[1]) if match[1] else len(self.upload.data)
            total = match[3]
            if match[1] and int(match[2]) - first + 1 != len(data):
                raise invalid(f"Content-Range {sent!r} is not of the {len(data)} bytes sent.")
        here = len(self.upload.data)
        if first > here:
            raise invalid(f"Content-Range begins at {first}, and {here} bytes are here.")
        whole = self.upload.data + data[here - first :]
        if total == "*" and len(data) % CHUNK:
            raise invalid(f"A chunk that is not the last is a multiple of {CHUNK} bytes.")
        if self.length not in ("", total) and total != "*":
            raise invalid(f"{self.length} bytes were announced, and {total} sent.")
        self.upload.data = whole
        return total == str(len(whole))


class Sessions:
    """The resumable uploads that are under way, or were."""

    def __init__(self) -> None:
        self._open: dict[str, Session] = {}

    def begin(self, session: Session, request: Request) -> Response:
        self._open[session.id] = session
        where = f"{request.host_url}upload/storage/v1/b/{session.bucket}/o"
        location = f"{where}?uploadType=resumable&upload_id={session.id}"
        return Response(headers={"Location": location, "X-GUploader-UploadID": session.id})

    def find(self, request: Request, bucket: str) -> Session:
        session = self._open.get(request.args.get("upload_id", ""))
        if session is None or session.bucket != bucket:
            raise absent("No such upload.")
        return session

    def cancel(self, session: Session) -> Response:
        del self._open[session.id]
        return Response(status=499)


def read(request: Request, query: Mapping[str, str]) -> Upload:
    """The upload of a request; one of a session has no data yet."""
    kind, body = query.get("uploadType"), request.get_data()
    if kind == "media":
        about, data = {"contentType": request.content_type or ""}, body
    elif kind == "multipart":
        about, data = _multipart(request, body)
    elif kind == "resumable":
        about, data = _about(body or b"{}"), b""
        about.setdefault("contentType", request.headers.get("X-Upload-Content-Type", ""))
    else:
        raise unknown(f"uploads of the type {kind}")
    if "name" in query:
        about = {**about, "name": query["name"]}
    if not about.get("name"):
        raise invalid("Required")
    return Upload(about, data)


def _multipart(request: Request, body: bytes) -> tuple[Body, bytes]:
    """Not by a parser of mails, which are text."""
    boundary = request.mimetype_params.get("boundary", "").encode()
    if request.mimetype != "multipart/related" or not boundary:
        raise invalid("Multipart content has no boundary.")
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(parts) != 4:
        raise invalid("Multipart content has to have two parts.")
    (_, about), (head, data) = (_part(part) for part in parts[1:3])
    properties = _about(about)
    types = [h for h in head.split(b"\r\n") if h.lower().startswith(b"content-type:")]
    for header in types:
        properties.setdefault("contentType", header.partition(b":")[2].strip().decode())
    return properties, data


def _part(part: bytes) -> tuple[bytes, bytes]:
    head, _, data = part.partition(b"\r\n\r\n")
    return head, data


def _about(text: bytes) -> Body:
    properties = json.loads(text)
    if strange := sorted(properties.keys() - _SETTABLE):
        raise unknown(f"the property {strange[0]} of an object")
    return {name: value for name, value in properties.items() if value is not None}


def _table() -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (_POLYNOMIAL if value & 1 else 0)
        table.append(value)
    return table


_TABLE = _table()


def crc32c(data: bytes) -> str:
    """The checksum that Google's own clients send."""
    value = 0xFFFFFFFF
    for byte in data:
        value = (value >> 8) ^ _TABLE[(value ^ byte) & 0xFF]
    return base64.b64encode((value ^ 0xFFFFFFFF).to_bytes(4, "big")).decode()
