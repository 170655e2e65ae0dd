"""A backup location on the MinIO server that MINIO_ENDPOINT, or minio:minioServer, names."""

import pulumi

from palette_backup_provider import MinioBackupLocation

weekly = MinioBackupLocation("weekly", tags={"team": "storage"})

pulumi.export("location_uid", weekly.location_uid)
pulumi.export("bucket", weekly.bucket_name)
pulumi.export("user", weekly.user_name)
