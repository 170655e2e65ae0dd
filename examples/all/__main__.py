"""One location on each: AWS with a key and by role, Google Cloud, Azure, MinIO."""

import pulumi

from palette_backup_provider import (
    AwsBackupLocation,
    AwsBackupLocationArgs,
    AwsStsBackupLocation,
    AwsStsBackupLocationArgs,
    AzureBackupLocation,
    AzureBackupLocationArgs,
    GcpBackupLocation,
    GcpBackupLocationArgs,
    MinioBackupLocation,
    MinioBackupLocationArgs,
)

locations = {
    "aws": AwsBackupLocation("aws", AwsBackupLocationArgs(region="eu-west-1")),
    "aws-sts": AwsStsBackupLocation("aws-sts", AwsStsBackupLocationArgs(region="eu-west-1")),
    "gcp": GcpBackupLocation("gcp", GcpBackupLocationArgs(bucket_location="EU")),
    "azure": AzureBackupLocation("azure", AzureBackupLocationArgs(location="westeurope")),
    "minio": MinioBackupLocation("minio", MinioBackupLocationArgs()),
}
pulumi.export("location_uids", {name: made.location_uid for name, made in locations.items()})
