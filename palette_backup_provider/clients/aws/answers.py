"""What is read of AWS's answers, by service and operation."""

from palette_backup_provider.clients.aws.iam_answers import IAM
from palette_backup_provider.clients.aws.s3_answers import S3

OPERATIONS = {**IAM, **S3}
