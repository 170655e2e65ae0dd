"""Backup locations in Spectro Cloud Palette, with the bucket and the credential they need.

Components make everything: `AwsBackupLocation`, `AwsStsBackupLocation` without a key, and
`GcpBackupLocation`. The modules hold the single resources: `aws` for buckets, policies, users,
roles and access keys, `gcp` for buckets, service accounts, their access and their keys, `palette`
for the location itself. Importing the package imports no cloud's SDK; each is an extra, needed when
a resource of that cloud is made.
"""

from palette_backup_provider.components.aws import AwsBackupLocation, AwsBackupLocationArgs
from palette_backup_provider.components.aws_sts import (
    AwsStsBackupLocation,
    AwsStsBackupLocationArgs,
)
from palette_backup_provider.components.gcp import GcpBackupLocation, GcpBackupLocationArgs
from palette_backup_provider.resources import aws, gcp, palette

__all__ = [
    "AwsBackupLocation",
    "AwsBackupLocationArgs",
    "AwsStsBackupLocation",
    "AwsStsBackupLocationArgs",
    "GcpBackupLocation",
    "GcpBackupLocationArgs",
    "aws",
    "gcp",
    "palette",
]
