"""A location on AWS with an access key, its bucket versioned and tagged."""

import pulumi

from palette_backup_provider import AwsBackupLocation, AwsBackupLocationArgs

config = pulumi.Config()
nightly = AwsBackupLocation(
    "nightly",
    AwsBackupLocationArgs(
        region=config.get("region") or "eu-west-1",
        versioning=True,
        tags={"team": "platform"},
        labels={"env": pulumi.get_stack()},
        snapshot_tags={"backup": "palette"},
    ),
)
pulumi.export("location_uid", nightly.location_uid)
pulumi.export("bucket", nightly.bucket_name)
pulumi.export("access_key_id", nightly.access_key_id)
