"""The program that a sandbox builds to run MinIO."""

from palette_backup_provider.sandbox.tools import minio_build

PROGRAM = minio_build.MINIO
MODULE = minio_build.__name__
"""What prints where it is."""
