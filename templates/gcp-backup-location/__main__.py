"""Palette backup location on Google Cloud."""

import pulumi

from palette_backup_provider import GcpBackupLocation

config = pulumi.Config()
backups = GcpBackupLocation(
    "backups",
    location=config.require("location"),
    is_default=config.require_bool("isDefault"),
    rotate_after=config.require_int("rotateAfterDays"),
)
pulumi.export("location_uid", backups.location_uid)
pulumi.export("location_name", backups.location_name)
