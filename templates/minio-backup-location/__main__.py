"""Palette backup location on MinIO."""

import pulumi

from palette_backup_provider import MinioBackupLocation

config = pulumi.Config()
backups = MinioBackupLocation(
    "backups",
    is_default=config.require_bool("isDefault"),
    rotate_after=config.require_int("rotateAfterDays"),
)
pulumi.export("location_uid", backups.location_uid)
pulumi.export("location_name", backups.location_name)
