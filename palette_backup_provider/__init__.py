"""Backup locations in Spectro Cloud Palette, with the bucket and the credential they need.

Components make everything: `AwsBackupLocation`, or `AwsStsBackupLocation` without a key,
`AzureBackupLocation`, `GcpBackupLocation` and `MinioBackupLocation`. The modules hold the single
resources: one module a cloud for storage, identities and credentials, `palette` for the location
itself. `LocationArgs` and `RotationArgs` are what components have in common; an `ArgsDict` is the
type of a dict of arguments. A name is imported when it is first used, so a program pays for its own
cloud alone. The clouds' SDKs are extras, needed when a resource of that cloud is made.
"""

import re
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
    from palette_backup_provider.components.keywords import (
        AwsBackupLocationArgsDict,
        AwsStsBackupLocationArgsDict,
        AzureBackupLocationArgsDict,
        GcpBackupLocationArgsDict,
        LocationArgsDict,
        MinioBackupLocationArgsDict,
    )
    from palette_backup_provider.components.location import LocationArgs
    from palette_backup_provider.components.minio import (
        MinioBackupLocation,
        MinioBackupLocationArgs,
    )
    from palette_backup_provider.engine.keywords import RotationArgsDict
    from palette_backup_provider.engine.shared_args import RotationArgs
    from palette_backup_provider.resources import aws, azure, gcp, minio, palette

__all__ = [
    "AwsBackupLocation",
    "AwsBackupLocationArgs",
    "AwsBackupLocationArgsDict",
    "AwsStsBackupLocation",
    "AwsStsBackupLocationArgs",
    "AwsStsBackupLocationArgsDict",
    "AzureBackupLocation",
    "AzureBackupLocationArgs",
    "AzureBackupLocationArgsDict",
    "GcpBackupLocation",
    "GcpBackupLocationArgs",
    "GcpBackupLocationArgsDict",
    "LocationArgs",
    "LocationArgsDict",
    "MinioBackupLocation",
    "MinioBackupLocationArgs",
    "MinioBackupLocationArgsDict",
    "RotationArgs",
    "RotationArgsDict",
    "aws",
    "azure",
    "gcp",
    "minio",
    "palette",
]

_INSIDE = re.compile("(?<!^)(?=[A-Z])")
"""Where the words of a component's name meet, as those of its module's do."""
_SHARED = {"LocationArgs": "components.location", "RotationArgs": "engine.shared_args"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    cloud, is_component, _ = name.partition("BackupLocation")
    if name.endswith("ArgsDict"):
        module = "components.keywords"
    elif is_component:
        module = f"components.{_INSIDE.sub('_', cloud).lower()}"
    elif name in _SHARED:
        module = _SHARED[name]
    else:
        return import_module(f"{__name__}.resources.{name}")
    return getattr(import_module(f"{__name__}.{module}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
