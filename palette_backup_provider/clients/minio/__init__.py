"""MinIO and any store that speaks S3, through minio-py."""
