"""MinIO."""

from palette_backup_provider.core.clouds.cloud import Cloud, wait

WAIT = wait("palette:minioWait", "MinIO", 30, "PALETTE_MINIO_WAIT")
CLOUD = Cloud("minio", (WAIT,))
