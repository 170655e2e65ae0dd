"""What is in a bucket: counted before it is deleted, and deleted only if that was asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from palette_backup_provider.core.errors import InTheWay
from palette_backup_provider.core.retry import tell
from palette_backup_provider.resources.aws.bucket_api import BucketApi

PROBES = "palette-backup-probe-"
"""Objects that our own validation writes; they never count as content."""
COUNTED = 1000
PAGE = 1000

Page = list[dict[str, Any]]


@dataclass(frozen=True)
class Content:
    """How much of what a bucket holds."""

    objects: int = 0
    versions: int = 0
    """Old ones, and delete markers."""
    uploads: int = 0
    """Multipart uploads that were never finished."""
    more: bool = False
    """There is more than was counted."""

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
        return " and ".join(f"{n} {one if n == 1 else many}" for n, one, many in counts if n)


def content(s3: BucketApi) -> Content:
    """What is in the bucket besides probes, counted up to a limit."""
    objects = versions = uploads = 0
    for found in chain(_versions(s3), _uploads(s3)):
        kept = [entry for entry in found if not entry["Key"].startswith(PROBES)]
        uploads += sum("UploadId" in entry for entry in kept)
        objects += sum(entry.get("IsCurrent", False) for entry in kept)
        versions += sum(not entry.get("IsCurrent", True) for entry in kept)
        if objects + versions + uploads > COUNTED:
            return Content(objects, versions, uploads, more=True)
    return Content(objects, versions, uploads)


def empty(s3: BucketApi, prefix: str = "", *, bypass_governance: bool = False) -> None:
    """Delete every object, version, delete marker and upload whose key begins with `prefix`."""
    gone = 0
    more = {"BypassGovernanceRetention": True} if bypass_governance else {}
    while found := next(_versions(s3, prefix)):  # from the start: what is gone is no place to go on
        if gone:
            tell(f"{s3.name}: {gone} objects and versions deleted so far")
        _delete(s3, found, more)
        gone += len(found)
    for found in _uploads(s3, prefix):
        for upload in found:
            s3("abort_multipart_upload", Key=upload["Key"], UploadId=upload["UploadId"])


def _delete(s3: BucketApi, found: Page, more: dict[str, Any]) -> None:
    keys = [{"Key": entry["Key"], "VersionId": entry["VersionId"]} for entry in found]
    answer = s3("delete_objects", Delete={"Objects": keys, "Quiet": True}, **more)
    if errors := answer.get("Errors"):
        first = errors[0]
        raise InTheWay(
            f"The bucket {s3.name} cannot be emptied: S3 refused to delete {len(errors)} of "
            f"{len(keys)} objects and versions, {first['Key']!r} with {first.get('Code')}: "
            f"{first.get('Message')} What Object Lock protects in COMPLIANCE mode nobody can "
            f"delete before its retention ends; in GOVERNANCE mode it takes the permission "
            f"s3:BypassGovernanceRetention."
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
