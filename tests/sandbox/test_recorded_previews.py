"""The previews that tests/unit/review renders are what the engine makes today.

They are written anew by

    WRITE_PREVIEWS=1 python -m pytest tests/sandbox/test_recorded_previews.py \\
        -m "stress or not stress"

and their comments, which need no engine, by `python -m tests.unit.review`.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.by_hand import Console, key, s3
from tests.sandbox.recorded import days_ago, recorded
from tests.sandbox.stack import PAST, Stack

FOLDER = Path(__file__).parents[1] / "unit/review/previews"
Record = Callable[..., None]

AWS = 'AwsBackupLocation("nightly", region="eu-west-1", {})\n'
LOCKED = AWS.format('versioning=True, object_lock=aws.ObjectLock(days=30), tags={"team": "a"}')
STATEMENT = """\
policy_statements=[{{
    "Sid": "Readers", "Effect": "Allow", "Principal": {{"AWS": "arn:aws:iam::123456789012:root"}},
    "Action": {}, "Condition": {}}}]"""
NARROW = STATEMENT.format('["s3:GetObject"]', '{"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}')
WIDE = STATEMENT.format('["s3:GetObject", "s3:DeleteObject*"]', "{}")
GCP = """\
logs = gcp.Bucket("logs", location="EU", name="logs-of-ours", versioning=True)
for name, member in {}.items():
    gcp.BucketAccess(name, bucket=logs.name, member=member,
        role="roles/storage.objectViewer")
"""
AZURE = 'AzureBackupLocation("nightly", location="westeurope")\n'
READER = """\
logs = azure.ResourceGroup("logs", location="westeurope", name="logs")
reader = azure.ServicePrincipal("reader", client_id=azure.Application("reader").client_id)
"""
CONTRIBUTOR = """\
azure.RoleAssignment("reader", scope=logs.resource_id, principal_id=reader.principal_id,
    role="Storage Blob Data Contributor")
"""
MINIO = """\
minio.Policy("readers", document={{"Version": "2012-10-17", "Statement": [{{
    "Effect": "Allow", "Action": {}, "Resource": "arn:aws:s3:::reports/*"}}]}})
"""
ALL = """\
AwsBackupLocation("aws", region="eu-west-1")
AwsStsBackupLocation("aws-sts", region="eu-west-1")
GcpBackupLocation("gcp", location="EU")
AzureBackupLocation("azure", location="westeurope")
MinioBackupLocation("minio")
"""


@pytest.fixture
def record(stack: Stack) -> Iterator[Record]:
    """Makes a preview and holds it against the file of that name."""
    wrong = list[str]()

    def preview(name: str, *flags: str, of: str = "preview") -> None:
        found = recorded(stack.run(of, "--json", *flags, ok=None).text)
        file = FOLDER / f"{name}.json"
        if os.environ.get("WRITE_PREVIEWS"):
            file.write_text(found)
        if not file.exists() or file.read_text() != found:
            wrong.append(f"{file.name}:\n{found}")

    yield preview
    assert not wrong, "\n".join(wrong)


def failing(stack: Stack, record: Record) -> None:
    stack.program(AWS.format('policy_name="*"'))
    record("failed-check")
    stack.program('open("there is no such file")')
    record("failed-program")


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


def rotation(stack: Stack, record: Record) -> None:
    stack.program(AWS.format("rotate_after=90"))
    record("first-run")
    stack.up()
    stack.edit("aws:AccessKey", made_on=days_ago(92))
    record("rotation-due")
    stack.up()
    stack.edit("aws:AccessKey", retiring_until=PAST)
    record("retirement-due")


def rotation_by_word(stack: Stack, record: Record) -> None:
    program = 'AzureBackupLocation("nightly", location="westeurope", rotation="{}")'
    stack.program(program.format("one"))
    stack.up()
    stack.program(program.format("two"))
    record("rotation-by-word")


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


def widened_gcp(stack: Stack, record: Record) -> None:
    ann = {"ann": "user:ann@example.com"}
    stack.program(GCP.format(ann))
    stack.up()
    stack.program(GCP.format({**ann, "bob": "user:bob@example.com"}))
    record("bucket-shared")


def widened_azure(stack: Stack, record: Record) -> None:
    stack.program(AZURE + READER)
    stack.up()
    stack.program(AZURE + READER + CONTRIBUTOR)
    record("role-added")
    stack.program(AZURE.replace("westeurope", "northeurope") + READER)
    record("account-replaced")


def widened_minio(stack: Stack, record: Record) -> None:
    stack.program(MINIO.format('["s3:GetObject"]'))
    stack.up()
    stack.program(MINIO.format('["s3:*"]'))
    record("minio-policy-widened")


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


def first_runs(stack: Stack, record: Record) -> None:
    stack.program(ALL)
    record("first-run-everywhere")
    stack.program('for n in range(60):\n    MinioBackupLocation(f"site-{n:02}")\n')
    record("sixty-locations")


SCENARIOS = [
    failing,
    rotation,
    removal,
    protection,
    rotation_by_word,
    widened_aws,
    widened_role,
    widened_gcp,
    widened_azure,
    widened_minio,
    moved,
    protect,
    drift,
    first_runs,
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
@pytest.mark.sampled
def test_a_preview_is_recorded_as_it_is(
    scenario: Callable[[Stack, Record], None], stack: Stack, record: Record
) -> None:
    scenario(stack, record)


def test_an_adoption_is_recorded_as_it_is(
    running: Sandbox, aws: AwsInspector, stack: Stack, record: Record
) -> None:
    aws.client("s3").create_bucket(Bucket="theirs")
    access_key, secret_key = key(aws, "their-user")
    stack.set("key", secret_key, "--secret")
    stack.transcript.clear()  # the command that set it
    uid = Console(running).register("By hand", **s3("theirs", access_key, secret_key))
    stack.program(
        f"""\
        palette.BackupLocation("nightly", name="By hand", adopt={uid!r}, storage=palette.S3(
            bucket="theirs", region="us-east-1", force_path_style=True,
            credentials=palette.StaticCredentials(
                access_key={access_key!r}, secret_key=config.require_secret("key"))))
        """
    )
    record("adoption")
