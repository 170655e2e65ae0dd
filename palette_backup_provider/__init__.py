"""Backup locations in Spectro Cloud Palette, with the bucket and the credential they need.

Components make everything: `AwsBackupLocation`, or `AwsStsBackupLocation` without a key,
`AzureBackupLocation`, `GcpBackupLocation` and `MinioBackupLocation`. The modules hold the single
resources: one module a cloud for storage, identities and credentials, `palette` for the location
itself. A name is imported when it is first used, so a program pays for its own cloud alone; the
clouds' SDKs are extras, needed when a resource of that cloud is made.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from palette_backup_provider.components.aws import AwsBackupLocation, AwsBackupLocationArgs
    from palette_backup_provider.components.aws_sts import (
        AwsStsBackupLocation,
        AwsStsBackupLocationArgs,
    )
    from palette_backup_provider.components.azure import (
        AzureBackupLocation,
        AzureBackupLocationArgs,
    )
    from palette_backup_provider.components.gcp import GcpBackupLocation, GcpBackupLocationArgs
    from palette_backup_provider.components.minio import (
        MinioBackupLocation,
        MinioBackupLocationArgs,
    )
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

_COMPONENTS = {"Aws": "aws", "AwsSts": "aws_sts", "Azure": "azure", "Gcp": "gcp", "Minio": "minio"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    cloud = _COMPONENTS.get(name.partition("BackupLocation")[0])
    if cloud is None:
        return import_module(f"{__name__}.resources.{name}")
    return getattr(import_module(f"{__name__}.components.{cloud}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
