"""The reasons why an existing bucket on S3 cannot serve Velero, or would harm its backups."""

import json
from collections.abc import Iterator
from typing import Any

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.clients.aws.errors import REFUSED
from palette_backup_provider.clients.aws.regions import partition
from palette_backup_provider.core import bucket_policy, velero
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.resources.aws.iam.policy_documents import bucket_arn
from palette_backup_provider.resources.aws.s3.api import BucketApi

ARCHIVES = {"GLACIER", "DEEP_ARCHIVE"}
"""An object there must be restored, for hours, before it can be read."""


def unfit_for_velero(client: AwsClient, bucket: str, region: str) -> list[str]:
    """The problems of an existing bucket, each with the harm that it does.

    Questions that these credentials may not ask are skipped: the bucket may be in another account.
    """
    s3 = BucketApi(client, region, bucket)
    reasons: list[str] = []
    for ask in (_foreign_folders, _locked_by_default, _lost_to_lifecycle, _refused_by_policy):
        try:
            reasons += ask(s3)
        except ApiError as error:
            if error.code not in REFUSED:
                raise
    return reasons


def _foreign_folders(s3: BucketApi) -> Iterator[str]:
    return velero.foreign(f"the bucket {s3.name}", _folders(s3))


def _folders(s3: BucketApi) -> Iterator[str]:
    more: dict[str, str] = {}
    while True:
        page = s3("list_objects_v2", Delimiter="/", **more)
        yield from (folder["Prefix"] for folder in page.get("CommonPrefixes", []))
        if not page.get("IsTruncated"):
            return
        more = {"ContinuationToken": page["NextContinuationToken"]}


def _locked_by_default(s3: BucketApi) -> Iterator[str]:
    absent = "ObjectLockConfigurationNotFoundError"
    lock = s3.unless(absent, "get_object_lock_configuration").get("ObjectLockConfiguration", {})
    if retention := lock.get("Rule", {}).get("DefaultRetention"):
        length = f"{retention['Days']} days" if retention.get("Days") else "years"
        yield velero.locked(
            f"the bucket {s3.name}",
            f"locks every new object for {length} (Object Lock, {retention.get('Mode')})",
            "Remove the default retention, or have a bucket made here with object_lock.",
        )


def _lost_to_lifecycle(s3: BucketApi) -> Iterator[str]:
    rules = s3.unless("NoSuchLifecycleConfiguration", "get_bucket_lifecycle_configuration")
    for rule in rules.get("Rules", []):
        if rule.get("Status") != "Enabled" or not _touches_backups(rule):
            continue
        name = f"the lifecycle rule {rule.get('ID', '')!r} of the bucket {s3.name}"
        if rule.get("Expiration", {}).keys() & {"Days", "Date"}:
            yield velero.expires(name)
        if into := {step["StorageClass"] for step in rule.get("Transitions", [])} & ARCHIVES:
            yield velero.archives(name, into)


def _touches_backups(rule: dict[str, Any]) -> bool:
    """Whether the rule holds for what Velero writes, which has no tags."""
    filters = rule.get("Filter", {})
    both = filters.get("And", {})
    if "Tag" in filters or both.get("Tags"):
        return False
    return velero.touched(rule.get("Prefix") or filters.get("Prefix") or both.get("Prefix", ""))


def _refused_by_policy(s3: BucketApi) -> Iterator[str]:
    answer = s3.unless("NoSuchBucketPolicy", "get_bucket_policy")
    document = json.loads(answer["Policy"]) if answer else {}
    arn = bucket_arn(s3.name, partition(s3.region or ""))
    return bucket_policy.harms(f"the bucket {s3.name}", document, arn)
