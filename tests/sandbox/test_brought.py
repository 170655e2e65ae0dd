"""What exists already: what would harm backups in it is refused in preview, on every cloud, and of
what is fit a preview shows nothing that is not true."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from palette_backup_provider import registry
from palette_backup_provider.core.markers import OnDelete
from palette_backup_provider.core.model import Storage, fields
from palette_backup_provider.sandbox.azure.service import Azure
from palette_backup_provider.sandbox.azure.storage import Blob
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.azure.inspector import ACCOUNT, AzureInspector
from tests.sandbox.conftest import Control
from tests.sandbox.gcp.inspector import GcpInspector
from tests.sandbox.minio.inspector import MinioInspector
from tests.sandbox.stack import Stack

FOREIGN = "has folders that are not Velero's: photos/. Velero takes such a bucket for somebody els"
BY_AGE = "deletes objects by age. Parts of backups would go while Velero still lists them"
HEADER = "s3:x-amz-server-side-encryption"
DENY = {
    "Sid": "Encrypted",
    "Effect": "Deny",
    "Principal": "*",
    "Action": ["s3:PutObject"],
    "Resource": ["arn:aws:s3:::theirs/*"],
    "Condition": {"Null": {HEADER: "true"}},
}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [DENY]})
REFUSED = "refuses what Velero sends: the statement 'Encrypted' denies s3:PutObject unless the r"
RULE = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}
LOCK = {
    "ObjectLockEnabled": "Enabled",
    "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 3}},
}


@dataclass(frozen=True)
class Brought:
    """A place for backups of somebody else's, on one cloud."""

    token: str
    program: str
    make: Callable[[Sandbox], Any]
    spoil: Callable[[Sandbox], Any]
    heal: Callable[[Sandbox], Any]
    refusals: list[str]
    shown: dict[str, Any]
    """What a preview tells of it besides its name."""


def _s3(s3: Any) -> None:
    s3.put_object_lock_configuration(Bucket="theirs", ObjectLockConfiguration=LOCK)
    s3.put_object(Bucket="theirs", Key="photos/1", Body=b"")
    s3.put_object(Bucket="theirs", Key="backups/1", Body=b"")
    rules = {"Rules": [RULE]}
    s3.put_bucket_lifecycle_configuration(Bucket="theirs", LifecycleConfiguration=rules)
    s3.put_bucket_policy(Bucket="theirs", Policy=POLICY)


def _s3_healed(s3: Any) -> None:
    s3.delete_bucket_policy(Bucket="theirs")
    s3.delete_bucket_lifecycle(Bucket="theirs")
    for one in s3.list_object_versions(Bucket="theirs")["Versions"]:
        s3.delete_object(
            Bucket="theirs",
            Key=one["Key"],
            VersionId=one["VersionId"],
            BypassGovernanceRetention=True,
        )
    unlocked = {"ObjectLockEnabled": "Enabled"}
    s3.put_object_lock_configuration(Bucket="theirs", ObjectLockConfiguration=unlocked)


def _gcs(env: Any) -> None:
    bucket = GcpInspector(env).storage().create_bucket("theirs", location="EU")
    bucket.default_event_based_hold = bucket.requester_pays = True
    bucket.add_lifecycle_delete_rule(age=30)
    bucket.patch()
    bucket.blob("photos/1").upload_from_string(b"")
    bucket.blob("backups/1").upload_from_string(b"")


def _gcs_healed(env: Any) -> None:
    bucket = GcpInspector(env).storage().get_bucket("theirs")
    bucket.default_event_based_hold = bucket.requester_pays = False
    bucket.lifecycle_rules = []
    bucket.patch()
    bucket.blob("photos/1").delete()


def _azure(running: Sandbox) -> None:
    theirs = AzureInspector(running.env).operator
    theirs.groups.create_or_update("theirs", {"location": "northeurope"})
    account = {**ACCOUNT, "location": "northeurope", "sku": {"name": "Standard_GRS"}}
    theirs.storage.storage_accounts.begin_create("theirs", "theirs", account).result()
    theirs.storage.blob_containers.create("theirs", "theirs", "theirs", {})


def _azure_spoilt(running: Sandbox) -> None:
    there = running.service(Azure).storage.accounts["theirs"]
    there.containers["theirs"].blobs |= {"photos/1": Blob(b""), "backups/1": Blob(b"")}
    there.containers["theirs"].body["properties"]["hasLegalHold"] = True
    rule = {
        "name": "old",
        "enabled": True,
        "type": "Lifecycle",
        "definition": {
            "actions": {
                "baseBlob": {
                    "delete": {"daysAfterModificationGreaterThan": 30},
                    "tierToArchive": {"daysAfterModificationGreaterThan": 10},
                }
            },
            "filters": {"blobTypes": ["blockBlob"], "prefixMatch": ["theirs/back"]},
        },
    }
    AzureInspector(running.env).operator.storage.management_policies.create_or_update(
        "theirs", "theirs", "default", {"properties": {"policy": {"rules": [rule]}}}
    )


def _azure_healed(running: Sandbox) -> None:
    there = running.service(Azure).storage.accounts["theirs"]
    del there.containers["theirs"].blobs["photos/1"]
    there.containers["theirs"].body["properties"]["hasLegalHold"] = False
    there.lifecycle = None


AWS_S3 = ["locks every new object for 3 days (Object Lock, GOVERNANCE)", FOREIGN, BY_AGE, REFUSED]
CLOUDS = [
    Brought(
        "aws:Bucket",
        """\
        AwsBackupLocation("n", AwsBackupLocationArgs(
            region="us-east-1", existing_bucket="theirs"))
        """,
        lambda running: (
            AwsInspector(running.env)
            .client("s3")
            .create_bucket(Bucket="theirs", ObjectLockEnabledForBucket=True)
        ),
        lambda running: _s3(AwsInspector(running.env).client("s3")),
        lambda running: _s3_healed(AwsInspector(running.env).client("s3")),
        AWS_S3,
        {"region": "us-east-1", "arn": "arn:aws:s3:::theirs"},
    ),
    Brought(
        "gcp:Bucket",
        """\
        GcpBackupLocation("n", GcpBackupLocationArgs(
            location="eu", existing_bucket="theirs"))
        """,
        lambda running: None,
        lambda running: _gcs(running.env),
        lambda running: _gcs_healed(running.env),
        [
            "puts a hold on every new object. Velero rewrites the metadata of its backups",
            "Requester Pays of the bucket theirs refuses what Velero sends",
            FOREIGN,
            BY_AGE,
        ],
        {"location": "EU", "url": "gs://theirs"},
    ),
    Brought(
        "azure:Container",
        """\
        AzureBackupLocation("n", AzureBackupLocationArgs(
            location="northeurope", existing_resource_group="theirs",
            existing_storage_account="theirs", existing_container="theirs"))
        """,
        _azure,
        _azure_spoilt,
        _azure_healed,
        [
            "is immutable (an immutability policy or a legal hold). Velero rewrites",
            "the lifecycle rule 'old' of the storage account moves objects to the archive tier",
            FOREIGN,
            BY_AGE,
        ],
        {"resource_group": "theirs", "storage_account": "theirs"},
    ),
    Brought(
        "minio:Bucket",
        'MinioBackupLocation("n", MinioBackupLocationArgs(existing_bucket="theirs"))',
        lambda running: (
            MinioInspector(running.env)
            .s3()
            .create_bucket(Bucket="theirs", ObjectLockEnabledForBucket=True)
        ),
        lambda running: _s3(MinioInspector(running.env).s3()),
        lambda running: _s3_healed(MinioInspector(running.env).s3()),
        AWS_S3,
        {"region": "us-east-1"},
    ),
]


def test_every_cloud_is_asked() -> None:
    holding = {
        kind.token
        for kind in registry.RESOURCES
        if issubclass(kind.handler.state_type, Storage)
        and "force_destroy" in fields(kind.handler.state_type, OnDelete)
    }
    assert holding == {one.token for one in CLOUDS}


@pytest.mark.parametrize("cloud", CLOUDS, ids=[one.token for one in CLOUDS])
@pytest.mark.sampled
def test_what_would_harm_backups_is_refused_in_preview(
    cloud: Brought, stack: Stack, running: Sandbox, control: Control
) -> None:
    cloud.make(running)
    cloud.spoil(running)
    stack.program(cloud.program)
    refused = stack.preview(ok=False)
    for refusal in cloud.refusals:
        assert refusal in refused.errors
    problems = refused.text.partition("Diagnostics:")[2].count("has a problem: existing_")
    assert problems == len(cloud.refusals) == 4
    assert "Traceback" not in refused.text and not control.locations()

    cloud.heal(running)
    (step,) = [s for urn, s in stack.steps().items() if f"{cloud.token}::" in urn]
    shown = {k: v for k, v in step["newState"]["inputs"].items() if not k.startswith("__")}
    known = {"name": "theirs", "existing": True, **cloud.shown}
    assert known.items() <= shown.items()
    assert shown.keys() - known.keys() <= {"url", "ca_cert", "resource_id"}
    stack.up()
    stack.unchanged()
    stack.destroy()
