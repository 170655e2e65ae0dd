"""What makes tests of MinIO fast."""

from tests.minio_admin import hurry

__all__ = ["hurry"]
