"""What makes a brought bucket unusable for Velero, or harmful to the backups in it.

Velero takes the whole bucket for its own: it marks one with foreign folders as invalid, and backups
that expire or move to an archive behind its back cannot be restored.
"""

from collections.abc import Iterator
from typing import Any

from palette_backup_provider.clients.aws import REFUSED, AwsClient
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.resources.aws.bucket_api import BucketApi

FOLDERS = ("backups/", "kopia/", "metadata/", "plugins/", "restic/", "restores/")
"""Velero's own, at the top of the bucket."""
ARCHIVES = {"GLACIER", "DEEP_ARCHIVE"}
"""An object there must be restored, for hours, before it can be read."""
NAMED = 5


def unfit_for_velero(client: AwsClient, bucket: str, region: str) -> list[str]:
    """What is wrong with a bucket that was not made here, each with the harm it does.

    What these credentials may not ask about is passed over: the bucket may be in another account.
    """
    s3 = BucketApi(client, region, bucket)
    found: list[str] = []
    for ask in (_foreign_folders, _locked_by_default, _lost_to_lifecycle):
        try:
            found += ask(s3)
        except ApiError as error:
            if error.code not in REFUSED:
                raise
    return found


def _foreign_folders(s3: BucketApi) -> Iterator[str]:
    foreign: list[str] = []
    more: dict[str, str] = {}
    while len(foreign) <= NAMED:
        page = s3("list_objects_v2", Delimiter="/", **more)
        there = [folder["Prefix"] for folder in page.get("CommonPrefixes", [])]
        foreign += [folder for folder in there if folder not in FOLDERS]
        if not page.get("IsTruncated"):
            break
        more = {"ContinuationToken": page["NextContinuationToken"]}
    if foreign:
        etc = " and others" if len(foreign) > NAMED else ""
        yield (
            f"the bucket {s3.name} has folders that are not Velero's: "
            f"{', '.join(foreign[:NAMED])}{etc}. Velero takes such a bucket for somebody else's "
            f"and makes no backups in it. Use a bucket for backups alone."
        )


def _locked_by_default(s3: BucketApi) -> Iterator[str]:
    absent = "ObjectLockConfigurationNotFoundError"
    lock = s3.unless(absent, "get_object_lock_configuration").get("ObjectLockConfiguration", {})
    if retention := lock.get("Rule", {}).get("DefaultRetention"):
        length = f"{retention['Days']} days" if retention.get("Days") else "years"
        yield (
            f"the bucket {s3.name} locks every new object for {length} (Object Lock, "
            f"{retention.get('Mode')}). Velero rewrites the metadata of its backups and deletes "
            f"them when they expire: each leaves a version that stays and is paid for. Remove the "
            f"default retention, or have a bucket made here with object_lock."
        )


def _lost_to_lifecycle(s3: BucketApi) -> Iterator[str]:
    rules = s3.unless("NoSuchLifecycleConfiguration", "get_bucket_lifecycle_configuration")
    for rule in rules.get("Rules", []):
        if rule.get("Status") != "Enabled" or not _touches_backups(rule):
            continue
        name = f"the lifecycle rule {rule.get('ID', '')!r} of the bucket {s3.name}"
        if rule.get("Expiration", {}).keys() & {"Days", "Date"}:
            yield (
                f"{name} deletes objects by age. Parts of backups would go while Velero still "
                f"lists them, and restores would fail. Let Velero expire backups."
            )
        if into := {step["StorageClass"] for step in rule.get("Transitions", [])} & ARCHIVES:
            yield (
                f"{name} moves objects to {' and '.join(sorted(into))}. Velero cannot read them "
                f"there, so restores would fail. Move nothing of Velero's to an archive."
            )


def _touches_backups(rule: dict[str, Any]) -> bool:
    """Whether the rule holds for what Velero writes, which has no tags."""
    filters = rule.get("Filter", {})
    both = filters.get("And", {})
    if "Tag" in filters or both.get("Tags"):
        return False
    prefix = rule.get("Prefix") or filters.get("Prefix") or both.get("Prefix", "")
    return any(prefix.startswith(folder) or folder.startswith(prefix) for folder in FOLDERS)
