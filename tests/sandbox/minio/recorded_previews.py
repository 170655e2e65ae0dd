"""Previews of MinIO that reviewers are shown."""

from palette_backup_provider.core.policy_language import ARN
from tests.sandbox.recorded import Record
from tests.sandbox.stack import Stack

MINIO = """\
minio.Policy("readers", document={{"Version": "2012-10-17", "Statement": [{{
    "Effect": "Allow", "Action": {}, "Resource": "{}reports/*"}}]}})
"""
FIRST = 'MinioBackupLocation("minio")\n'


def widened_minio(stack: Stack, record: Record) -> None:
    stack.program(MINIO.format('["s3:GetObject"]', ARN))
    stack.up()
    stack.program(MINIO.format('["s3:*"]', ARN))
    record("minio-policy-widened")


def sixty(stack: Stack, record: Record) -> None:
    stack.program('for n in range(60):\n    MinioBackupLocation(f"site-{n:02}")\n')
    record("sixty-locations")


SCENARIOS = [widened_minio, sixty]
