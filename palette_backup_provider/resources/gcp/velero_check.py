"""What makes a brought bucket unusable for Velero, or harmful to the backups in it.

Velero takes the whole bucket for its own: it marks one with foreign folders as invalid, and backups
that cannot be deleted, or expire behind its back, break it.
"""

from collections.abc import Iterator
from typing import Any

from palette_backup_provider.clients.gcp import GcpClient
from palette_backup_provider.clients.gcp_rest import STORAGE
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.resources.gcp.bucket_contents import bucket_path

FOLDERS = ("backups/", "kopia/", "metadata/", "plugins/", "restic/", "restores/")
"""Velero's own, at the top of the bucket."""
NAMED = 5


def unfit_for_velero(client: GcpClient, name: str) -> Iterator[str]:
    """What is wrong with a bucket that was not made here, each with the harm it does.

    What these credentials may not ask about is passed over.
    """
    for ask in (_held_or_expired, _foreign_folders):
        try:
            yield from ask(client, name)
        except ApiError as error:
            if error.status != 403:
                raise


def _held_or_expired(client: GcpClient, name: str) -> Iterator[str]:
    found = client.call(STORAGE, "GET", bucket_path(name))
    if period := found.get("retentionPolicy", {}).get("retentionPeriod"):
        yield (
            f"the bucket {name} has a retention policy of {int(period) // 86400} days. Velero "
            f"rewrites the metadata of its backups and deletes those that expired; the policy "
            f"forbids both, and backups fail. Remove it, or use another bucket; versioning and "
            f"soft delete protect backups without harm."
        )
    if found.get("defaultEventBasedHold"):
        yield (
            f"the bucket {name} puts a hold on every new object, so Velero cannot delete or "
            f"rewrite what it wrote. Remove the default event-based hold."
        )
    for rule in found.get("lifecycle", {}).get("rule", []):
        if _deletes_backups(rule):
            yield (
                f"a lifecycle rule of the bucket {name} deletes objects by age. Parts of backups "
                f"would go while Velero still lists them, and restores would fail. Let Velero "
                f"expire backups."
            )


def _deletes_backups(rule: dict[str, Any]) -> bool:
    """Whether the rule takes live objects away that Velero may have written."""
    condition = rule.get("condition", {})
    if rule.get("action", {}).get("type") != "Delete" or condition.get("isLive") is False:
        return False
    if condition.keys() & {"numNewerVersions", "daysSinceNoncurrentTime", "noncurrentTimeBefore"}:
        return False
    prefixes = condition.get("matchesPrefix") or [""]
    return any(p.startswith(f) or f.startswith(p) for p in prefixes for f in FOLDERS)


def _foreign_folders(client: GcpClient, name: str) -> Iterator[str]:
    foreign: list[str] = []
    more: dict[str, str] = {}
    while len(foreign) <= NAMED:
        page = client.call(STORAGE, "GET", f"{bucket_path(name)}/o", delimiter="/", **more)
        foreign += [folder for folder in page.get("prefixes", []) if folder not in FOLDERS]
        if not page.get("nextPageToken"):
            break
        more = {"pageToken": page["nextPageToken"]}
    if foreign:
        etc = " and others" if len(foreign) > NAMED else ""
        yield (
            f"the bucket {name} has folders that are not Velero's: {', '.join(foreign[:NAMED])}"
            f"{etc}. Velero takes such a bucket for somebody else's and makes no backups in it. "
            f"Use a bucket for backups alone."
        )
