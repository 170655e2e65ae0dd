"""Backup locations in Spectro Cloud Palette, with the bucket and the credential they need.

Components make everything: `AwsBackupLocation`, or `AwsStsBackupLocation` without a key,
`AzureBackupLocation`, `GcpBackupLocation` and `MinioBackupLocation`. The modules hold the single
resources: one module a cloud for storage, identities and credentials, `palette` for the location
itself. Importing the package imports no cloud's SDK; each is an extra, needed when a resource of
that cloud is made.
"""

from palette_backup_provider.components.aws import AwsBackupLocation, AwsBackupLocationArgs
from palette_backup_provider.components.aws_sts import (
    AwsStsBackupLocation,
    AwsStsBackupLocationArgs,
)
from palette_backup_provider.components.azure import AzureBackupLocation, AzureBackupLocationArgs
from palette_backup_provider.components.gcp import GcpBackupLocation, GcpBackupLocationArgs
from palette_backup_provider.components.minio import MinioBackupLocation, MinioBackupLocationArgs
from palette_backup_provider.resources import aws, azure, gcp, minio, palette

__all__ = [
    "AwsBackupLocation",
    "AwsBackupLocationArgs",
    "AwsStsBackupLocation",
    "AwsStsBackupLocationArgs",
    "AzureBackupLocation",
    "AzureBackupLocationArgs",
    "GcpBackupLocation",
    "GcpBackupLocationArgs",
    "MinioBackupLocation",
    "MinioBackupLocationArgs",
    "aws",
    "azure",
    "gcp",
    "minio",
    "palette",
]
