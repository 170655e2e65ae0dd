"""One location on each: AWS with a key and by role, Google Cloud, Azure, MinIO."""

import pulumi

from palette_backup_provider import (
    AwsBackupLocation,
    AwsStsBackupLocation,
    AzureBackupLocation,
    GcpBackupLocation,
    MinioBackupLocation,
)

uids = {
    "aws": AwsBackupLocation("aws", region="eu-west-1").location_uid,
    "aws-sts": AwsStsBackupLocation("aws-sts", region="eu-west-1").location_uid,
    "gcp": GcpBackupLocation("gcp", location="EU").location_uid,
    "azure": AzureBackupLocation("azure", location="westeurope").location_uid,
    "minio": MinioBackupLocation("minio").location_uid,
}
pulumi.export("location_uids", uids)
