"""What makes programs on MinIO fast, done once, before they fork."""

from tests.minio_admin import hurry

__all__ = ["hurry"]
IMPORTED = ("minio.minioadmin",)
