"""What is in a bucket: counted before it is deleted, and deleted only if that was asked for.

Unfinished uploads are not counted: MinIO drops them by itself, and lets a bucket go with them.
"""

from palette_backup_provider.clients.minio import PAGE, MinioClient
from palette_backup_provider.core.errors import InTheWay
from palette_backup_provider.core.retry import tell

PROBES = "palette-backup-probe-"
"""Objects that our own validation writes; they never count as content."""


def content(client: MinioClient, bucket: str) -> str:
    """What is in the bucket besides probes, in words; empty if nothing is."""
    found = client.objects(bucket, versions=True)
    count = sum(not each.object_name.startswith(PROBES) for each in found)
    if not count:
        return ""
    if len(found) == PAGE:
        return f"at least {count} objects and versions"
    return "one object or version" if count == 1 else f"{count} objects and versions"


def empty(client: MinioClient, bucket: str, prefix: str = "") -> None:
    """Delete every object, version and delete marker whose key begins with `prefix`."""
    gone = 0
    while found := client.objects(bucket, prefix, versions=True):
        if gone:
            tell(f"{bucket}: {gone} objects and versions deleted so far")
        if errors := client.remove(bucket, found):
            first = errors[0]
            raise InTheWay(
                f"The bucket {bucket} cannot be emptied: {len(errors)} of {len(found)} objects and "
                f"versions were refused, {first.name!r} with {first.code}: {first.message}"
            )
        gone += len(found)
