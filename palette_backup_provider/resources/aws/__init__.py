"""What a backup location needs on AWS."""

from palette_backup_provider.resources.aws.access_key import AccessKey, AccessKeyArgs
from palette_backup_provider.resources.aws.bucket import Bucket, BucketArgs, ObjectLock
from palette_backup_provider.resources.aws.iam.policy_documents import (
    access_policy,
    bucket_policy_for,
    key_policy_for,
    trust_policy,
)
from palette_backup_provider.resources.aws.identity import Identity
from palette_backup_provider.resources.aws.keywords import (
    AccessKeyArgsDict,
    BucketArgsDict,
    IdentityDict,
    ObjectLockDict,
    PolicyArgsDict,
    RetiringKeyArgsDict,
    RoleArgsDict,
    UserArgsDict,
)
from palette_backup_provider.resources.aws.policy import Policy, PolicyArgs
from palette_backup_provider.resources.aws.retiring_key import RetiringKey, RetiringKeyArgs
from palette_backup_provider.resources.aws.role import Role, RoleArgs
from palette_backup_provider.resources.aws.user import User, UserArgs

__all__ = [
    "AccessKey",
    "AccessKeyArgs",
    "AccessKeyArgsDict",
    "Bucket",
    "BucketArgs",
    "BucketArgsDict",
    "Identity",
    "IdentityDict",
    "ObjectLock",
    "ObjectLockDict",
    "Policy",
    "PolicyArgs",
    "PolicyArgsDict",
    "RetiringKey",
    "RetiringKeyArgs",
    "RetiringKeyArgsDict",
    "Role",
    "RoleArgs",
    "RoleArgsDict",
    "User",
    "UserArgs",
    "UserArgsDict",
    "access_policy",
    "bucket_policy_for",
    "key_policy_for",
    "trust_policy",
]
