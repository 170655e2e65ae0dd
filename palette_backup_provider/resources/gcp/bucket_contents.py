"""What is in a bucket: counted before it is deleted, and deleted only if that was asked for."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from palette_backup_provider.clients.gcp import GcpClient
from palette_backup_provider.clients.gcp_rest import STORAGE
from palette_backup_provider.core.errors import NotFound
from palette_backup_provider.core.retry import tell

PROBES = "palette-backup-probe-"
"""Objects that our own validation writes; they never count as content."""
COUNTED = 1000
TOLD_EVERY = 500


@dataclass(frozen=True)
class Content:
    """How much of what a bucket holds."""

    objects: int = 0
    versions: int = 0
    """Old ones."""

    def __bool__(self) -> bool:
        return bool(self.objects or self.versions)

    def __str__(self) -> str:
        if self.objects + self.versions > COUNTED:
            return f"more than {COUNTED} objects and versions"
        counts = (
            (self.objects, "object", "objects"),
            (self.versions, "old version", "old versions"),
        )
        return " and ".join(f"{n} {one if n == 1 else many}" for n, one, many in counts if n)


def bucket_path(name: str) -> str:
    """The bucket in the paths of the JSON API."""
    return f"/storage/v1/b/{quote(name, safe='')}"


def content(client: GcpClient, bucket: str) -> Content:
    """What is in the bucket besides probes, counted up to a limit."""
    objects = versions = 0
    for found in _versions(client, bucket):
        if found["name"].startswith(PROBES):
            continue
        old = "timeDeleted" in found
        objects, versions = objects + (not old), versions + old
        if objects + versions > COUNTED:
            break
    return Content(objects, versions)


def empty(client: GcpClient, bucket: str, prefix: str = "") -> None:
    """Delete every object, in all its versions, whose name begins with `prefix`."""
    for gone, found in enumerate(list(_versions(client, bucket, prefix))):
        one = f"{bucket_path(bucket)}/o/{quote(found['name'], safe='')}"
        with suppress(NotFound):  # of the object; its bucket may well be there
            client.call(STORAGE, "DELETE", one, generation=found["generation"])
        if gone and gone % TOLD_EVERY == 0:
            tell(f"{bucket}: {gone} objects and versions deleted so far")


def _versions(client: GcpClient, bucket: str, prefix: str = "") -> Iterator[dict[str, Any]]:
    more: dict[str, str] = {}
    while True:
        page = client.call(
            STORAGE, "GET", f"{bucket_path(bucket)}/o", versions="true", prefix=prefix, **more
        )
        yield from page.get("items", [])
        if not page.get("nextPageToken"):
            return
        more = {"pageToken": page["nextPageToken"]}
