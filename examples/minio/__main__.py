"""A backup location on the MinIO server that MINIO_ENDPOINT, or minio:minioServer, names."""

import pulumi

from palette_backup_provider import MinioBackupLocation, MinioBackupLocationArgs

weekly = MinioBackupLocation("weekly", MinioBackupLocationArgs(tags={"team": "storage"}))

pulumi.export("location_uid", weekly.location_uid)
pulumi.export("bucket", weekly.bucket_name)
pulumi.export("user", weekly.user_name)
