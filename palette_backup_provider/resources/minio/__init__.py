"""What a backup location needs on MinIO."""

from palette_backup_provider.resources.minio.access_key import AccessKey, AccessKeyArgs
from palette_backup_provider.resources.minio.bucket import Bucket, BucketArgs
from palette_backup_provider.resources.minio.iam.policy_documents import access_policy
from palette_backup_provider.resources.minio.identity import Identity
from palette_backup_provider.resources.minio.keywords import (
    AccessKeyArgsDict,
    BucketArgsDict,
    IdentityDict,
    PolicyArgsDict,
    RetiringKeyArgsDict,
    RetiringSecretArgsDict,
    UserArgsDict,
)
from palette_backup_provider.resources.minio.policy import Policy, PolicyArgs
from palette_backup_provider.resources.minio.retiring_key import RetiringKey, RetiringKeyArgs
from palette_backup_provider.resources.minio.retiring_secret import (
    RetiringSecret,
    RetiringSecretArgs,
)
from palette_backup_provider.resources.minio.user import User, UserArgs

__all__ = [
    "AccessKey",
    "AccessKeyArgs",
    "AccessKeyArgsDict",
    "Bucket",
    "BucketArgs",
    "BucketArgsDict",
    "Identity",
    "IdentityDict",
    "Policy",
    "PolicyArgs",
    "PolicyArgsDict",
    "RetiringKey",
    "RetiringKeyArgs",
    "RetiringKeyArgsDict",
    "RetiringSecret",
    "RetiringSecretArgs",
    "RetiringSecretArgsDict",
    "User",
    "UserArgs",
    "UserArgsDict",
    "access_policy",
]
