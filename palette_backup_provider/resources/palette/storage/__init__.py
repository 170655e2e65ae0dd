"""Where a location keeps its backups: one module a kind that Palette knows."""

from palette_backup_provider.resources.palette.storage.base import Storage
from palette_backup_provider.resources.palette.storage.s3 import (
    S3,
    S3Storage,
    StaticCredentials,
    StsCredentials,
)

AnyStorage = S3Storage
AnyStorageArgs = S3

KINDS: dict[str, type[Storage]] = {"s3": S3Storage}
"""By the name Palette's list call gives a location's storage."""

__all__ = [
    "KINDS",
    "S3",
    "AnyStorage",
    "AnyStorageArgs",
    "StaticCredentials",
    "Storage",
    "StsCredentials",
]
