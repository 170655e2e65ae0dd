"""The shapes of AWS's answers, and of those of any store that speaks S3."""

from palette_backup_provider.clients.aws import answers, iam_answers, s3_answers

MODULES = (iam_answers, s3_answers)
TABLES = (answers.OPERATIONS, s3_answers.STORES)
MAY_BE_EMPTY = {
    "s3:head_bucket": "an answer without a body",
    "s3:get_bucket_versioning": "never set",
    "s3:delete_objects": "what was not deleted is listed again",
    "put_object": "not versioned",
    "list_objects_v2": "of any store; what was written is not in it",
}
"""Calls of which an answer without anything that we know is a right one."""
