import pulumi

from palette_backup_provider import AwsBackupLocation

nightly = AwsBackupLocation("nightly", region="us-east-1")
pulumi.export("location_uid", nightly.location_uid)
