"""The contents of a bucket: counted before a deletion, and deleted only on request."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from palette_backup_provider.core.errors import Blocked
from palette_backup_provider.core.progress import Progress
from palette_backup_provider.core.velero import PROBE_PREFIX
from palette_backup_provider.resources.aws.s3.api import BucketApi

COUNTED = 1000
PAGE = 1000

Page = list[dict[str, Any]]


@dataclass(frozen=True)
class Content:
    """The number of things that a bucket holds."""

    objects: int = 0
    versions: int = 0
    """Old versions and delete markers."""
    uploads: int = 0
    """Multipart uploads that were never finished."""
    more: bool = False
    """Whether there is more than was counted."""

    def __bool__(self) -> bool:
        return bool(self.objects or self.versions or self.uploads)

    def __str__(self) -> str:
        if self.more:
            return f"more than {COUNTED} objects, versions and uploads"
        counts = (
            (self.objects, "object", "objects"),
            (self.versions, "old version or delete marker", "old versions or delete markers"),
            (self.uploads, "unfinished upload", "unfinished uploads"),
        )
        return " and ".join(
            f"{count} {singular if count == 1 else plural}"
            for count, singular, plural in counts
            if count
        )


def content(s3: BucketApi) -> Content:
    """The contents of the bucket without probes, counted up to a limit."""
    objects = versions = uploads = 0
    for page in chain(_versions(s3), _uploads(s3)):
        entries = [entry for entry in page if not entry["Key"].startswith(PROBE_PREFIX)]
        uploads += sum("UploadId" in entry for entry in entries)
        objects += sum(entry.get("IsCurrent", False) for entry in entries)
        versions += sum(not entry.get("IsCurrent", True) for entry in entries)
        if objects + versions + uploads > COUNTED:
            return Content(objects, versions, uploads, more=True)
    return Content(objects, versions, uploads)


def empty(s3: BucketApi, prefix: str = "", *, bypass_governance: bool = False) -> None:
    """Delete every object, version, delete marker and upload whose key begins with `prefix`."""
    progress = Progress()
    deleted = 0
    more = {"BypassGovernanceRetention": True} if bypass_governance else {}
    while page := next(_versions(s3, prefix)):  # the first page: deleted keys are no markers
        if deleted:
            progress.tell(f"{s3.name}: {deleted} objects and versions deleted so far")
        _delete(s3, page, more)
        deleted += len(page)
    for page in _uploads(s3, prefix):
        for upload in page:
            s3("abort_multipart_upload", Key=upload["Key"], UploadId=upload["UploadId"])


def _delete(s3: BucketApi, page: Page, more: dict[str, Any]) -> None:
    keys = [{"Key": entry["Key"], "VersionId": entry["VersionId"]} for entry in page]
    answer = s3("delete_objects", Delete={"Objects": keys, "Quiet": True}, **more)
    if errors := answer.get("Errors"):
        first = errors[0]
        raise Blocked(
            f"The bucket {s3.name} cannot be emptied: S3 refused to delete {len(errors)} of "
            f"{len(keys)} objects and versions, {first['Key']!r} with {first.get('Code')}: "
            f"{first.get('Message')} Give the permissions, or wait: what Object Lock protects in "
            "COMPLIANCE mode nobody can delete before its retention ends; in GOVERNANCE mode it "
            "takes the permission s3:BypassGovernanceRetention."
        )


def _versions(s3: BucketApi, prefix: str = "") -> Iterator[Page]:
    marker: dict[str, str] = {}
    while True:
        page = s3("list_object_versions", Prefix=prefix, MaxKeys=PAGE, **marker)
        current = [{**v, "IsCurrent": v.get("IsLatest", False)} for v in page.get("Versions", [])]
        yield current + [{**m, "IsCurrent": False} for m in page.get("DeleteMarkers", [])]
        if not page.get("IsTruncated"):
            return
        marker = {"KeyMarker": page["NextKeyMarker"]}
        if version := page.get("NextVersionIdMarker"):
            marker["VersionIdMarker"] = version


def _uploads(s3: BucketApi, prefix: str = "") -> Iterator[Page]:
    marker: dict[str, str] = {}
    while True:
        page = s3("list_multipart_uploads", Prefix=prefix, MaxUploads=PAGE, **marker)
        yield page.get("Uploads", [])
        if not page.get("IsTruncated"):
            return
        marker = {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page["NextUploadIdMarker"]}
