"""Previews of buckets on Google Cloud that reviewers are shown."""

from tests.sandbox.recorded import Record
from tests.sandbox.stack import Stack

GCP = """\
logs = gcp.Bucket("logs", location="EU", name="logs-of-ours", versioning=True)
for name, member in {}.items():
    gcp.BucketAccess(name, bucket=logs.name, member=member,
        role="roles/storage.objectViewer")
"""
FIRST = 'GcpBackupLocation("gcp", location="EU")\n'


def widened_gcp(stack: Stack, record: Record) -> None:
    ann = {"ann": "user:ann@example.com"}
    stack.program(GCP.format(ann))
    stack.up()
    stack.program(GCP.format({**ann, "bob": "user:bob@example.com"}))
    record("bucket-shared")


SCENARIOS = [widened_gcp]
