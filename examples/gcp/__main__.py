"""A backup location on Google Cloud: bucket, service account, its access and its key."""

import pulumi

from palette_backup_provider import GcpBackupLocation

nightly = GcpBackupLocation("nightly", location="EU")
pulumi.export("location_uid", nightly.location_uid)
pulumi.export("bucket_name", nightly.bucket_name)
pulumi.export("service_account", nightly.service_account_email)
