"""What is registered in Palette."""

from palette_backup_provider.resources.palette.aws_sts_account import (
    AwsStsAccount,
    AwsStsAccountArgs,
)
from palette_backup_provider.resources.palette.backup_location import (
    BackupLocation,
    BackupLocationArgs,
)
from palette_backup_provider.resources.palette.look_up import FoundLocation, get_backup_location
from palette_backup_provider.resources.palette.storage import (
    S3,
    AnyStorageArgs,
    AzureBlob,
    Gcs,
    Minio,
    ServicePrincipalCredentials,
    StaticCredentials,
    StsCredentials,
)

__all__ = [
    "S3",
    "AnyStorageArgs",
    "AwsStsAccount",
    "AwsStsAccountArgs",
    "AzureBlob",
    "BackupLocation",
    "BackupLocationArgs",
    "FoundLocation",
    "Gcs",
    "Minio",
    "ServicePrincipalCredentials",
    "StaticCredentials",
    "StsCredentials",
    "get_backup_location",
]
