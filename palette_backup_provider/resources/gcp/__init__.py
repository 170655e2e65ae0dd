"""What a backup location needs on Google Cloud."""

from palette_backup_provider.resources.gcp.bucket import Bucket, BucketArgs
from palette_backup_provider.resources.gcp.bucket_access import (
    BUCKET_ROLES,
    BucketAccess,
    BucketAccessArgs,
)
from palette_backup_provider.resources.gcp.identity import Identity
from palette_backup_provider.resources.gcp.keywords import (
    BucketAccessArgsDict,
    BucketArgsDict,
    IdentityDict,
    RetiringKeyArgsDict,
    ServiceAccountArgsDict,
    ServiceAccountKeyArgsDict,
    SnapshotAccessArgsDict,
)
from palette_backup_provider.resources.gcp.retiring_key import RetiringKey, RetiringKeyArgs
from palette_backup_provider.resources.gcp.service_account import ServiceAccount, ServiceAccountArgs
from palette_backup_provider.resources.gcp.service_account_key import (
    ServiceAccountKey,
    ServiceAccountKeyArgs,
)
from palette_backup_provider.resources.gcp.snapshot_access import SnapshotAccess, SnapshotAccessArgs

__all__ = [
    "BUCKET_ROLES",
    "Bucket",
    "BucketAccess",
    "BucketAccessArgs",
    "BucketAccessArgsDict",
    "BucketArgs",
    "BucketArgsDict",
    "Identity",
    "IdentityDict",
    "RetiringKey",
    "RetiringKeyArgs",
    "RetiringKeyArgsDict",
    "ServiceAccount",
    "ServiceAccountArgs",
    "ServiceAccountArgsDict",
    "ServiceAccountKey",
    "ServiceAccountKeyArgs",
    "ServiceAccountKeyArgsDict",
    "SnapshotAccess",
    "SnapshotAccessArgs",
    "SnapshotAccessArgsDict",
]
