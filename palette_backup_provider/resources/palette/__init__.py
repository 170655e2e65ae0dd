"""What is registered in Palette."""

from palette_backup_provider.engine.lineage import Lineage
from palette_backup_provider.resources.palette import storage
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
    BackupLocationArgsDict,
)
from palette_backup_provider.resources.palette.look_up import FoundLocation, get_backup_location
from palette_backup_provider.resources.palette.storage import *  # noqa: F403 - it lists its own

__all__ = [
    "AwsStsAccount",
    "AwsStsAccountArgs",
    "AwsStsAccountArgsDict",
    "BackupLocation",
    "BackupLocationArgs",
    "BackupLocationArgsDict",
    "FoundLocation",
    "Lineage",
    "get_backup_location",
]
__all__ += storage.__all__
