"""Palette backup location on Azure."""

import pulumi

from palette_backup_provider import AzureBackupLocation

config = pulumi.Config()
backups = AzureBackupLocation(
    "backups",
    location=config.require("location"),
    is_default=config.require_bool("isDefault"),
    rotate_after=config.require_int("rotateAfterDays"),
)
pulumi.export("location_uid", backups.location_uid)
pulumi.export("location_name", backups.location_name)
