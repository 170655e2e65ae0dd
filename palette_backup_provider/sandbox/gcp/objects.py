"""Objects of Cloud Storage, with their versions, and lists of them."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from palette_backup_provider.sandbox.gcp.policy import Policy
from palette_backup_provider.sandbox.json import Body

PAGE = 1000


@dataclass
class Object:
    """One version of an object."""

    name: str
    generation: int
    data: bytes
    about: Body
    """What the client said of it."""
    made: str
    deleted: str | None = None

    def resource(self, bucket: str) -> Body:
        body: dict[str, Any] = {
            "kind": "storage#object",
            "id": f"{bucket}/{self.name}/{self.generation}",
            "name": self.name,
            "bucket": bucket,
            "generation": str(self.generation),
            "metageneration": "1",
            "contentType": "application/octet-stream",
            "storageClass": "STANDARD",
            "size": str(len(self.data)),
            "md5Hash": base64.b64encode(hashlib.md5(self.data).digest()).decode(),
            "etag": "CAE=",
            "timeCreated": self.made,
            "updated": self.made,
            **{name: value for name, value in self.about.items() if value},
        }
        return {**body, "timeDeleted": self.deleted} if self.deleted else body


@dataclass
class Bucket:
    """A bucket as Google keeps it."""

    project: str
    resource: Body
    policy: Policy
    objects: list[Object] = field(default_factory=list)

    def live(self, name: str) -> Object | None:
        return next((o for o in self.objects if o.name == name and not o.deleted), None)


def listing(objects: Iterable[Object], bucket: str, query: Mapping[str, str]) -> Body:
    """The objects, or their versions, in the order of their names and folded at a delimiter."""
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    first, last = query.get("startOffset", ""), query.get("endOffset", chr(0x10FFFF))
    versions = query.get("versions", "").lower() == "true"
    matching = [o for o in objects if versions or not o.deleted]
    matching = [o for o in matching if o.name.startswith(prefix) and first <= o.name < last]
    entries: dict[str, Object | None] = {}
    for one in sorted(matching, key=lambda o: o.name):
        folder, is_below = _folded(one.name, prefix, delimiter)
        entries[folder if is_below else f"{one.name}#{one.generation}"] = None if is_below else one
    start, size = int(query.get("pageToken", "0")), int(query.get("maxResults", PAGE))
    page = list(entries.items())[start : start + size]
    body: Body = {"kind": "storage#objects"}
    if items := [one.resource(bucket) for _, one in page if one]:
        body["items"] = items
    if folders := [folder for folder, one in page if one is None]:
        body["prefixes"] = folders
    if len(entries) > start + size:
        body["nextPageToken"] = str(start + size)
    return body


def _folded(name: str, prefix: str, delimiter: str) -> tuple[str, bool]:
    """The folder that an object is below, and whether it is below one."""
    rest = name.removeprefix(prefix)
    if not delimiter or delimiter not in rest:
        return "", False
    return f"{prefix}{rest.partition(delimiter)[0]}{delimiter}", True


def of_generation(objects: Iterable[Object], generation: str) -> Object | None:
    """The version of that generation."""
    return next((stored for stored in objects if str(stored.generation) == generation), None)
