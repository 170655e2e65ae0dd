"""One program for each component, and what holds while it works."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID

from tests.sandbox.azure_cloud import AzureEyes
from tests.sandbox.cloud import AwsEyes
from tests.sandbox.gcp_cloud import GcpEyes
from tests.sandbox.minio_cloud import MinioEyes
from tests.sandbox.palette_cloud import Palette


@dataclass(frozen=True)
class Life:
    """A component, as tests use it."""

    name: str
    cloud: str
    """The service that it lives on, and the fixture that sees it."""
    program: str
    """Exports what the component tells; takes `team`, and other words of the stack's config."""
    works: Callable[[Palette, Any], None]
    """Palette holds one location, whose credential does what Velero needs and nothing else."""
    waits: str = ""
    """What is told while the cloud does not know the credential yet; empty without one."""


def access_key(location: dict[str, Any]) -> tuple[str, str]:
    """Id and secret of the key that Palette holds."""
    keys = location["body"]["spec"]["config"]["credentials"]
    return keys["accessKey"], keys["secretKey"]


def account_key(location: dict[str, Any]) -> str:
    """The key of a Google service account that Palette holds, as JSON."""
    return str(location["body"]["spec"]["config"]["credentials"]["jsonCredentials"])


def config_of(palette: Palette) -> dict[str, Any]:
    """Storage and credential of the one location that Palette holds."""
    (location,) = palette.locations()
    found: dict[str, Any] = location["body"]["spec"]["config"]
    return found


def _aws_works(palette: Palette, aws: AwsEyes) -> None:
    (location,) = palette.locations()
    keys = access_key(location)
    aws.can_back_up(keys, config_of(palette)["bucketName"])
    with aws.bucket("somebody-elses") as other:
        aws.reaches_nothing_else(keys, other)
    (user,) = aws.users()
    assert aws.keys(user) == [keys[0]]
    assert [len(aws.buckets()), len(aws.policies())] == [1, 1]


def _sts_works(palette: Palette, aws: AwsEyes) -> None:
    config = config_of(palette)
    credentials = config["credentials"]
    keys = aws.session(credentials["sts"]["arn"])
    aws.can_back_up(keys, config["bucketName"])
    with aws.bucket("somebody-elses") as other:
        aws.reaches_nothing_else(keys, other)
    assert credentials["credentialType"] == "sts"
    (role,) = aws.roles()
    assert credentials["sts"]["arn"].endswith(f":role/{role}")
    assert [len(aws.buckets()), len(aws.policies()), aws.users()] == [1, 1, []]


def _gcp_works(palette: Palette, gcp: GcpEyes) -> None:
    (location,) = palette.locations()
    bucket, key = config_of(palette)["bucketName"], account_key(location)
    gcp.can_back_up(key, bucket)
    with gcp.bucket("somebody-elses") as other:
        gcp.reaches_nothing_else(key, other.name)
    (email,) = gcp.emails()
    assert gcp.keys(email) == [json.loads(key)["private_key_id"]]
    assert gcp.buckets() == [bucket]
    assert all(f"serviceAccount:{email}" in gcp.bindings(bucket)[role] for role in GCP_ROLES)


def _azure_works(palette: Palette, azure: AzureEyes) -> None:
    config = config_of(palette)
    azure.can_back_up(config)
    with azure.group("theirs") as theirs:
        azure.reaches_nothing_else(config, theirs, theirs)
    (application,) = azure.applications()
    assert len(application["passwordCredentials"]) == 1
    scope = f"/resourceGroups/{config['resourceGroup']}/providers/Microsoft.Storage/storageAccounts"
    assert all(one.endswith(f"{scope}/{config['storageName']}") for one in azure.assignments())
    assert [len(azure.groups()), len(azure.accounts())] == [1, 1]
    assert [len(azure.principals()), len(azure.assignments())] == [1, 2]


def _minio_works(palette: Palette, minio: MinioEyes) -> None:
    (location,) = palette.locations()
    assert location["kind"] == "minio"
    config = config_of(palette)
    assert config["s3ForcePathStyle"] is True
    minio.can_back_up(access_key(location), config["bucketName"])
    with minio.bucket("somebody-elses") as other:
        minio.reaches_nothing_else(access_key(location), other)
    assert len(minio.users()) == 1
    assert [len(minio.buckets()), len(minio.policies())] == [1, 1]


AWS = Life(
    "AwsBackupLocation",
    "aws",
    """\
nightly = AwsBackupLocation(
    own + "nightly",
    AwsBackupLocationArgs(
        region=config.get("region") or "us-east-1",
        tags={"team": config.get("team") or "storage"},
    ),
)
pulumi.export("uid", nightly.location_uid)
pulumi.export("name", nightly.location_name)
pulumi.export("type", nightly.location_type)
pulumi.export("bucket", nightly.bucket_name)
pulumi.export("policy", nightly.policy_arn)
pulumi.export("user", nightly.user_name)
pulumi.export("key", nightly.access_key_id)
""",
    _aws_works,
    "nightly: waiting for AWS to accept the access key",
)
STS = Life(
    "AwsStsBackupLocation",
    "aws",
    f"""\
nightly = AwsStsBackupLocation(
    own + "nightly",
    AwsStsBackupLocationArgs(
        region=config.get("region") or "us-east-1",
        principals=["{DEFAULT_ACCOUNT_ID}"],
        tags={{"team": config.get("team") or "storage"}},
    ),
)
pulumi.export("uid", nightly.location_uid)
pulumi.export("bucket", nightly.bucket_name)
pulumi.export("role", nightly.role_arn)
""",
    _sts_works,
)
GCP_ROLES = ["roles/storage.objectAdmin", "roles/storage.legacyBucketReader"]
GCP = Life(
    "GcpBackupLocation",
    "gcp",
    """\
nightly = GcpBackupLocation(
    own + "nightly",
    GcpBackupLocationArgs(
        bucket_location=config.get("location") or "EU",
        bucket_labels={"team": config.get("team") or "storage"},
        snapshots=True,
    ),
)
pulumi.export("uid", nightly.location_uid)
pulumi.export("name", nightly.location_name)
pulumi.export("type", nightly.location_type)
pulumi.export("bucket", nightly.bucket_name)
pulumi.export("account", nightly.service_account_email)
pulumi.export("key", nightly.key_id)
pulumi.export("roles", nightly.roles)
pulumi.export("snapshot_role", nightly.snapshot_role)
""",
    _gcp_works,
    "nightly: waiting for Google to accept the key",
)
AZURE = Life(
    "AzureBackupLocation",
    "azure",
    """\
nightly = AzureBackupLocation(
    own + "nightly",
    AzureBackupLocationArgs(
        location=config.get("location") or "westeurope",
        tags={"team": config.get("team") or "storage"},
    ),
)
pulumi.export("uid", nightly.location_uid)
pulumi.export("name", nightly.location_name)
pulumi.export("type", nightly.location_type)
pulumi.export("group", nightly.resource_group_name)
pulumi.export("account", nightly.storage_account_name)
pulumi.export("container", nightly.container_name)
pulumi.export("client", nightly.client_id)
""",
    _azure_works,
    "nightly: waiting for Azure to accept the client secret of",
)
MINIO = Life(
    "MinioBackupLocation",
    "minio",
    """\
weekly = MinioBackupLocation(
    own + "weekly",
    MinioBackupLocationArgs(
        tags={"team": config.get("team") or "storage"},
        bucket_name=config.get("bucket"),
        secret_key=config.get_secret("secret"),
    ),
)
pulumi.export("uid", weekly.location_uid)
pulumi.export("name", weekly.location_name)
pulumi.export("type", weekly.location_type)
pulumi.export("bucket", weekly.bucket_name)
pulumi.export("policy", weekly.policy_name)
pulumi.export("user", weekly.user_name)
""",
    _minio_works,
    "weekly: waiting for http://127.0.0.1",
)
LIVES = [AWS, STS, GCP, AZURE, MINIO]
