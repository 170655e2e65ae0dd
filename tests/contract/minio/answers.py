"""The shapes of MinIO's answers."""

from palette_backup_provider.clients.minio import answers

MODULES = (answers,)
TABLES = (answers.S3, answers.ADMIN)
MAY_BE_EMPTY = {
    "get_policy_entities": "for a message only",
    "list_objects": "minio-py reads it",
    "remove_objects": "minio-py reads it",
}
"""Calls of which an answer without anything that we know is a right one."""
