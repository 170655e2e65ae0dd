"""The reasons why an existing bucket on Google Cloud cannot serve Velero, or would harm its
backups."""

from collections.abc import Iterator
from typing import Any

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.rest import STORAGE
from palette_backup_provider.core import velero
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.resources.gcp.storage.contents import bucket_path


def unfit_for_velero(client: GcpClient, name: str) -> Iterator[str]:
    """The problems of an existing bucket, each with the harm that it does. Questions that these
    credentials may not ask are skipped.
    """
    for ask in (_as_it_is_set, _foreign_folders):
        try:
            yield from ask(client, name)
        except ApiError as error:
            if error.status != 403:
                raise


def _as_it_is_set(client: GcpClient, name: str) -> Iterator[str]:
    bucket, what = client.call(STORAGE, "GET", bucket_path(name)), f"the bucket {name}"
    if period := bucket.get("retentionPolicy", {}).get("retentionPeriod"):
        yield velero.locked(
            what,
            f"has a retention policy of {int(period) // 86400} days",
            "Remove it, or use another bucket; versioning and soft delete protect backups without "
            "harm.",
        )
    if bucket.get("defaultEventBasedHold"):
        yield velero.locked(
            what, "puts a hold on every new object", "Remove the default event-based hold."
        )
    if bucket.get("billing", {}).get("requesterPays"):
        yield velero.refuses(
            what,
            "Requester Pays",
            "it names no project to pay for its requests",
            "Switch it off, or use another bucket.",
        )
    for rule in bucket.get("lifecycle", {}).get("rule", []):
        if _deletes_backups(rule):
            yield velero.expires(f"a lifecycle rule of {what}")


def _deletes_backups(rule: dict[str, Any]) -> bool:
    """Whether the rule deletes or moves live objects that Velero may have written."""
    condition = rule.get("condition", {})
    if rule.get("action", {}).get("type") != "Delete" or condition.get("isLive") is False:
        return False
    if condition.keys() & {"numNewerVersions", "daysSinceNoncurrentTime", "noncurrentTimeBefore"}:
        return False
    return any(map(velero.touched, condition.get("matchesPrefix") or [""]))


def _foreign_folders(client: GcpClient, name: str) -> Iterator[str]:
    return velero.foreign(f"the bucket {name}", _folders(client, name))


def _folders(client: GcpClient, name: str) -> Iterator[str]:
    more: dict[str, str] = {}
    while True:
        page = client.call(STORAGE, "GET", f"{bucket_path(name)}/o", delimiter="/", **more)
        yield from page.get("prefixes", [])
        if not page.get("nextPageToken"):
            return
        more = {"pageToken": page["nextPageToken"]}
