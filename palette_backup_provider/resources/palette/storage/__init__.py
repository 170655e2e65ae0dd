"""Where a location keeps its backups: one module a kind that Palette knows."""

from typing import Annotated, get_args

from pydantic import Field

from palette_backup_provider.resources.palette.keywords import (
    AzureBlobDict,
    GcsDict,
    MinioDict,
    S3Dict,
    ServicePrincipalCredentialsDict,
    StaticCredentialsDict,
    StsCredentialsDict,
)
from palette_backup_provider.resources.palette.storage.aws_s3 import S3, S3Storage
from palette_backup_provider.resources.palette.storage.aws_sts_credentials import StsCredentials
from palette_backup_provider.resources.palette.storage.azure_blob import (
    AzureBlob,
    AzureBlobStorage,
    ServicePrincipalCredentials,
)
from palette_backup_provider.resources.palette.storage.base import Storage
from palette_backup_provider.resources.palette.storage.gcp_storage import Gcs, GcsStorage
from palette_backup_provider.resources.palette.storage.minio import Minio, MinioStorage
from palette_backup_provider.resources.palette.storage.static_credentials import StaticCredentials

_Storages = AzureBlobStorage | GcsStorage | MinioStorage | S3Storage
AnyStorage = Annotated[_Storages, Field(discriminator="kind")]
AnyStorageArgs = AzureBlob | Gcs | Minio | S3

KINDS: dict[str, type[Storage]] = {kind.segment: kind for kind in get_args(_Storages)}
"""By the name Palette's list call gives a location's storage."""

__all__ = [
    "S3",
    "AnyStorageArgs",
    "AzureBlob",
    "AzureBlobDict",
    "Gcs",
    "GcsDict",
    "Minio",
    "MinioDict",
    "S3Dict",
    "ServicePrincipalCredentials",
    "ServicePrincipalCredentialsDict",
    "StaticCredentials",
    "StaticCredentialsDict",
    "StsCredentials",
    "StsCredentialsDict",
]
"""What programs write: `palette.S3` and so on."""
