"""What weakens the protection of backups on MinIO, and what holds them."""

from typing import Any

HOLDS_BACKUPS = ("minio:Bucket",)
WEAKER: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {
    "minio:Bucket": [({}, {"public": True})],
    "minio:index/s3Bucket:S3Bucket": [({"acl": "private"}, {"acl": "public"})],
}
