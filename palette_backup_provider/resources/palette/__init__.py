"""What is registered in Palette."""

from palette_backup_provider.resources.palette.backup_location import (
    BackupLocation,
    BackupLocationArgs,
)
from palette_backup_provider.resources.palette.look_up import FoundLocation, get_backup_location
from palette_backup_provider.resources.palette.storage import S3, StaticCredentials

__all__ = [
    "S3",
    "BackupLocation",
    "BackupLocationArgs",
    "FoundLocation",
    "StaticCredentials",
    "get_backup_location",
]
