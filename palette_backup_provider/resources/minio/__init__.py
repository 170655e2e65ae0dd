"""What a backup location needs on MinIO."""

from palette_backup_provider.resources.minio.bucket import Bucket, BucketArgs
from palette_backup_provider.resources.minio.identity import Identity
from palette_backup_provider.resources.minio.policy import Policy, PolicyArgs
from palette_backup_provider.resources.minio.policy_documents import access_policy
from palette_backup_provider.resources.minio.user import User, UserArgs

__all__ = [
    "Bucket",
    "BucketArgs",
    "Identity",
    "Policy",
    "PolicyArgs",
    "User",
    "UserArgs",
    "access_policy",
]
