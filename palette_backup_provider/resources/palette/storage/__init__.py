"""Where a location keeps its backups: one module a kind that Palette knows."""

from typing import Annotated

from pydantic import Field

from palette_backup_provider.resources.palette.storage.azure_blob import (
    AzureBlob,
    AzureBlobStorage,
    ServicePrincipalCredentials,
)
from palette_backup_provider.resources.palette.storage.base import Storage
from palette_backup_provider.resources.palette.storage.gcs import Gcs, GcsStorage
from palette_backup_provider.resources.palette.storage.s3 import (
    S3,
    S3Storage,
    StaticCredentials,
    StsCredentials,
)

AnyStorage = Annotated[AzureBlobStorage | GcsStorage | S3Storage, Field(discriminator="kind")]
AnyStorageArgs = AzureBlob | Gcs | S3

KINDS: dict[str, type[Storage]] = {
    "azure": AzureBlobStorage,
    "gcp": GcsStorage,
    "s3": S3Storage,
}
"""By the name Palette's list call gives a location's storage."""

__all__ = [
    "KINDS",
    "S3",
    "AnyStorage",
    "AnyStorageArgs",
    "AzureBlob",
    "Gcs",
    "ServicePrincipalCredentials",
    "StaticCredentials",
    "Storage",
    "StsCredentials",
]
