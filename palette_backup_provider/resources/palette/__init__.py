"""What is registered in Palette."""

from palette_backup_provider.engine.lineage import Lineage
from palette_backup_provider.resources.palette.aws_sts_account import (
    AwsStsAccount,
    AwsStsAccountArgs,
)
from palette_backup_provider.resources.palette.backup_location import (
    BackupLocation,
    BackupLocationArgs,
)
from palette_backup_provider.resources.palette.keywords import (
    AwsStsAccountArgsDict,
    AzureBlobDict,
    BackupLocationArgsDict,
    GcsDict,
    MinioDict,
    S3Dict,
    ServicePrincipalCredentialsDict,
    StaticCredentialsDict,
    StsCredentialsDict,
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
    "AwsStsAccountArgsDict",
    "AzureBlob",
    "AzureBlobDict",
    "BackupLocation",
    "BackupLocationArgs",
    "BackupLocationArgsDict",
    "FoundLocation",
    "Gcs",
    "GcsDict",
    "Lineage",
    "Minio",
    "MinioDict",
    "S3Dict",
    "ServicePrincipalCredentials",
    "ServicePrincipalCredentialsDict",
    "StaticCredentials",
    "StaticCredentialsDict",
    "StsCredentials",
    "StsCredentialsDict",
    "get_backup_location",
]
