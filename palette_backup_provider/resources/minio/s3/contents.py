"""The contents of a bucket: counted before a deletion, and deleted only on request.

Unfinished uploads are not counted: MinIO drops them by itself, and deletes a bucket that has some.
"""

from palette_backup_provider.clients.minio.client import PAGE, MinioClient
from palette_backup_provider.core.errors import Blocked, sentence
from palette_backup_provider.core.progress import Progress
from palette_backup_provider.core.velero import PROBE_PREFIX


def content(client: MinioClient, bucket: str) -> str:
    """The contents of the bucket without probes, in words; empty if there are none."""
    versions = client.objects(bucket, versions=True)
    count = sum(not each.object_name.startswith(PROBE_PREFIX) for each in versions)
    if not count:
        return ""
    if len(versions) == PAGE:
        return f"at least {count} objects and versions"
    return "one object or version" if count == 1 else f"{count} objects and versions"


def empty(client: MinioClient, bucket: str, prefix: str = "") -> None:
    """Delete every object, version and delete marker whose key begins with `prefix`."""
    progress = Progress()
    gone = 0
    while versions := client.objects(bucket, prefix, versions=True):
        if gone:
            progress.tell(f"{bucket}: {gone} objects and versions deleted so far")
        if errors := client.remove(bucket, versions):
            first = errors[0]
            raise Blocked(
                f"The bucket {bucket} cannot be emptied: {len(errors)} of {len(versions)} objects "
                f"and versions were refused, {first.name!r} with {first.code}: "
                f"{sentence(first.message or '')} Delete them by hand, and run it again."
            )
        gone += len(versions)
