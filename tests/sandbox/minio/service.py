"""How MinIO is reached."""

from tests.sandbox.service import Service

SERVICE = Service(
    needed=("MINIO_ENDPOINT", "MINIO_USER", "MINIO_PASSWORD"),
    variables="(PALETTE_)?MINIO_.*",
    elsewhere={"MINIO_ENDPOINT": "https://cloud.example.com", "MINIO_CACERT_FILE": None},
    planted={},
    planted_files={},
    package="minio",
)
