"""The contents of a bucket: counted before a deletion, and deleted only on request."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.rest import STORAGE
from palette_backup_provider.core.errors import NotFound
from palette_backup_provider.core.progress import Progress
from palette_backup_provider.core.velero import PROBE_PREFIX

COUNTED = 1000


@dataclass(frozen=True)
class Content:
    """The number of things that a bucket holds."""

    objects: int = 0
    versions: int = 0
    """Old versions."""

    def __bool__(self) -> bool:
        return bool(self.objects or self.versions)

    def __str__(self) -> str:
        if self.objects + self.versions > COUNTED:
            return f"more than {COUNTED} objects and versions"
        counts = (
            (self.objects, "object", "objects"),
            (self.versions, "old version", "old versions"),
        )
        return " and ".join(
            f"{count} {singular if count == 1 else plural}"
            for count, singular, plural in counts
            if count
        )


def bucket_path(name: str) -> str:
    """The bucket in the paths of the JSON API."""
    return f"/storage/v1/b/{quote(name, safe='')}"


def content(client: GcpClient, bucket: str) -> Content:
    """The contents of the bucket without probes, counted up to a limit."""
    objects = versions = 0
    for entry in _versions(client, bucket):
        if entry["name"].startswith(PROBE_PREFIX):
            continue
        old = "timeDeleted" in entry
        objects, versions = objects + (not old), versions + old
        if objects + versions > COUNTED:
            break
    return Content(objects, versions)


def empty(client: GcpClient, bucket: str, prefix: str = "") -> None:
    """Delete every object, in all its versions, whose name begins with `prefix`."""
    progress = Progress()
    for deleted, entry in enumerate(list(_versions(client, bucket, prefix)), 1):
        path = f"{bucket_path(bucket)}/o/{quote(entry['name'], safe='')}"
        with suppress(NotFound):  # the object is gone, which says nothing of the bucket
            client.call(STORAGE, "DELETE", path, generation=entry["generation"])
        progress.tell(f"{bucket}: {deleted} objects and versions deleted so far")


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
