"""MinIO."""

from palette_backup_provider.core.cloud import Cloud, wait_setting

WAIT = wait_setting("palette:minioWait", "MinIO", 30, "PALETTE_MINIO_WAIT")
CLOUD = Cloud("minio", (WAIT,))
