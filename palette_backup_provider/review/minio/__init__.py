"""What a reviewer has to know of types of MinIO: ours, and those of `pulumi-minio`."""

from palette_backup_provider.review.minio import iam, s3

RULES = {**iam.RULES, **s3.RULES}
