"""How access to backups is granted on MinIO."""

from tests.unit.review.policies.granted import EVERYTHING, on

__all__ = ["EVERYTHING", "STORAGE", "TYPE", "on"]

TYPE = "minio:Policy"
STORAGE = "minio:Bucket"
