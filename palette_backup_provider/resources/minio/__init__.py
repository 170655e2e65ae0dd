"""What a backup location needs on MinIO."""

from palette_backup_provider.resources.minio.access_key import AccessKey, AccessKeyArgs
from palette_backup_provider.resources.minio.bucket import Bucket, BucketArgs
from palette_backup_provider.resources.minio.identity import Identity
from palette_backup_provider.resources.minio.policy import Policy, PolicyArgs
from palette_backup_provider.resources.minio.policy_documents import access_policy
from palette_backup_provider.resources.minio.retiring_key import RetiringKey, RetiringKeyArgs
from palette_backup_provider.resources.minio.user import User, UserArgs

__all__ = [
    "AccessKey",
    "AccessKeyArgs",
    "Bucket",
    "BucketArgs",
    "Identity",
    "Policy",
    "PolicyArgs",
    "RetiringKey",
    "RetiringKeyArgs",
    "User",
    "UserArgs",
    "access_policy",
]
