"""Buckets of MinIO. Palette tells them from those of S3, and has no validate call for them."""

from palette_backup_provider.sandbox.palette.kinds.kind import Kind

KIND = Kind(
    name="minio",
    cloud="minio",
    required=("bucketName", "region", "credentials"),
    defaults={"s3ForcePathStyle": True, "useRestic": True},
    credential_defaults={"credentialType": "secret", "partition": "aws"},
    secrets=("secretKey",),
    place=lambda config: config["bucketName"],
    validate=None,
)
