"""MinIO."""

from palette_backup_provider.core.cloud import Cloud, CredentialWait

WAIT = CredentialWait.of("palette:minioWait", "MinIO", 30, "PALETTE_MINIO_WAIT")
CLOUD = Cloud("minio", (WAIT,), variables=("MINIO",))
