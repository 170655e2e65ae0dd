"""A location on AWS with an access key, its bucket versioned and tagged."""

import pulumi

from palette_backup_provider import AwsBackupLocation

config = pulumi.Config()
nightly = AwsBackupLocation(
    "nightly",
    region=config.get("region") or "eu-west-1",
    versioning=True,
    tags={"team": "platform"},
    location_labels={"env": pulumi.get_stack()},
    snapshots=True,
    snapshot_tags={"backup": "palette"},
)
pulumi.export("location_uid", nightly.location_uid)
pulumi.export("bucket", nightly.bucket_name)
pulumi.export("credential_id", nightly.credential_id)
