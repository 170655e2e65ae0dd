"""Backup locations in Spectro Cloud Palette, with the bucket and the credential they need.

Components make everything: `AwsBackupLocation`, or `AwsStsBackupLocation` without a key. The
modules hold the single resources: `aws` for buckets, policies, users, roles and access keys,
`palette` for the location itself. Importing the package imports no cloud's SDK; each is an extra,
needed when a resource of that cloud is made.
"""

from palette_backup_provider.components.aws import AwsBackupLocation, AwsBackupLocationArgs
from palette_backup_provider.components.aws_sts import (
    AwsStsBackupLocation,
    AwsStsBackupLocationArgs,
)
from palette_backup_provider.resources import aws, palette

__all__ = [
    "AwsBackupLocation",
    "AwsBackupLocationArgs",
    "AwsStsBackupLocation",
    "AwsStsBackupLocationArgs",
    "aws",
    "palette",
]
