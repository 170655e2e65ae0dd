"""How MinIO is reached.

`--live=minio` takes a URL that a public CA vouches for, or http. Each test makes buckets, users and
policies, and removes them. It was run on a MinIO server.
"""

from tests.sandbox.service import Service

SERVICE = Service(
    needed=("MINIO_ENDPOINT", "MINIO_USER", "MINIO_PASSWORD"),
    variables="(PALETTE_)?MINIO_.*",
    elsewhere={"MINIO_ENDPOINT": "https://cloud.example.com", "MINIO_CACERT_FILE": None},
    planted={},
    planted_files={},
    package="minio",
)
