"""Palette backup location on AWS, with an access key."""

import pulumi

from palette_backup_provider import AwsBackupLocation

config = pulumi.Config()
backups = AwsBackupLocation(
    "backups",
    region=pulumi.Config("aws").require("region"),
    is_default=config.require_bool("isDefault"),
    rotate_after=config.require_int("rotateAfterDays"),
)
pulumi.export("location_uid", backups.location_uid)
pulumi.export("location_name", backups.location_name)
