"""Palette backup location on AWS, with a role and no key."""

import pulumi

from palette_backup_provider import AwsStsBackupLocation

config = pulumi.Config()
backups = AwsStsBackupLocation(
    "backups",
    region=pulumi.Config("aws").require("region"),
    is_default=config.require_bool("isDefault"),
)
pulumi.export("location_uid", backups.location_uid)
pulumi.export("location_name", backups.location_name)
