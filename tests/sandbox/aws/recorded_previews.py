"""Previews of locations on AWS that reviewers are shown."""

from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.recorded import Record, days_ago
from tests.sandbox.stack import Stack

AWS = 'AwsBackupLocation("nightly", region="eu-west-1", {})\n'
LOCKED = AWS.format('versioning=True, object_lock=aws.ObjectLock(days=30), tags={"team": "a"}')
STATEMENT = """\
policy_statements=[{{
    "Sid": "Readers", "Effect": "Allow", "Principal": {{"AWS": "arn:aws:iam::123456789012:root"}},
    "Action": {}, "Condition": {}}}]"""
NARROW = STATEMENT.format('["s3:GetObject"]', '{"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}')
WIDE = STATEMENT.format('["s3:GetObject", "s3:DeleteObject*"]', "{}")
FIRST = """\
AwsBackupLocation("aws", region="eu-west-1")
AwsStsBackupLocation("aws-sts", region="eu-west-1")
"""


def failing(stack: Stack, record: Record) -> None:
    stack.program(AWS.format('policy_name="*"'))
    record("failed-check")
    stack.program('open("there is no such file")')
    record("failed-program")


def rotation(stack: Stack, record: Record) -> None:
    stack.program(AWS.format("rotate_after=90"))
    record("first-run")
    stack.up()
    stack.edit("aws:AccessKey", made_on=days_ago(92))
    record("rotation-due")
    stack.up()
    stack.edit("aws:AccessKey", retiring_until=f"{days_ago(1)}T09:30Z")
    record("retirement-due")


def removal(stack: Stack, record: Record) -> None:
    stack.program(AWS.format(""))
    stack.up()
    record("unchanged")
    stack.program("")
    record("removal")
    stack.program(AWS.format("force_destroy=True"))
    record("force-destroy-applied")
    stack.up()
    stack.program("")
    record("force-destroy-removal")
    stack.program(AWS.format("").replace("eu-west-1", "us-east-1"))
    record("force-destroy-replacement")
    stack.program(AWS.format('replace_with_data="retain"'))
    stack.up()
    stack.program("")
    record("retained-removal")


def protection(stack: Stack, record: Record) -> None:
    stack.program(LOCKED)
    stack.up()
    stack.program(AWS.format("versioning=True, object_lock=aws.ObjectLock(days=7)"))
    record("lock-shortened")
    stack.program(AWS.format(""))
    record("lock-dropped")
    stack.program(
        AWS.format("versioning=True, object_lock=aws.ObjectLock(days=30), tls_only=False")
    )
    record("plain-text-allowed")


def widened_aws(stack: Stack, record: Record) -> None:
    stack.program(AWS.format(NARROW))
    stack.up()
    stack.program(AWS.format(WIDE))
    record("bucket-policy-widened")
    stack.program(AWS.format(f"snapshots=True, {NARROW}"))
    record("policy-widened")


def widened_role(stack: Stack, record: Record) -> None:
    program = 'AwsStsBackupLocation("edge", region="eu-west-1", principals={})'
    stack.program(program.format(["123456789012"]))
    stack.up()
    stack.program(program.format(["123456789012", "210987654321"]))
    record("trust-widened")


def moved(stack: Stack, record: Record) -> None:
    stack.program(AWS.format('project="Default"'))
    stack.up()
    stack.program(AWS.format('scope="tenant"'))
    record("moved-to-the-tenant")
    stack.program(AWS.format("is_default=True"))
    record("default-moved")
    stack.program(AWS.format('project="Default"').replace("nightly", "weekly"))
    record("renamed-location")
    stack.run("stack", "rename", "prod")
    stack.call("prod")
    stack.program(AWS.format('project="Default"'))
    record("renamed-stack")


def protect(stack: Stack, record: Record) -> None:
    stack.program(AWS.format("opts=pulumi.ResourceOptions(protect=True)"))
    stack.up()
    stack.program(AWS.format(""))
    record("unprotected")


def drift(stack: Stack, record: Record) -> None:
    stack.program(AWS.format(""))
    stack.up()
    record("no-drift", "--preview-only", of="refresh")
    bucket = next(r for r in stack.resources() if r["type"].endswith("aws:Bucket"))["id"]
    client = AwsInspector(dict(stack.environment), "").client("s3")
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    client.delete_public_access_block(Bucket=bucket)
    record("drift", "--preview-only", of="refresh")
    record("drift-and-preview", "--refresh")


SCENARIOS = [
    failing,
    rotation,
    removal,
    protection,
    widened_aws,
    widened_role,
    moved,
    protect,
    drift,
]
