"""What another hand changed or deleted is seen, told, and put right; and nothing else is."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID

from palette_backup_provider.clients.palette import LOCATIONS, PaletteClient
from palette_backup_provider.core.settings import Settings
from tests.sandbox import test_aws, test_aws_sts, test_azure, test_gcp, test_minio
from tests.sandbox.azure_cloud import AzureEyes
from tests.sandbox.cloud import AwsEyes
from tests.sandbox.conftest import Control
from tests.sandbox.crash_programs import sampled
from tests.sandbox.gcp_cloud import GcpEyes
from tests.sandbox.minio_cloud import MinioEyes
from tests.sandbox.stack import Stack

DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}


@dataclass(frozen=True)
class Hand:
    """Somebody who clicks in the consoles of Palette and of every cloud."""

    env: dict[str, str]
    control: Control
    aws: AwsEyes
    gcp: GcpEyes
    azure: AzureEyes
    minio: MinioEyes

    def relabel(self, outputs: dict[str, Any]) -> None:
        """Change the location in Palette."""
        (location,) = self.control.locations()
        body = location["body"]
        body["metadata"]["labels"] = {"changed": "by-hand"}
        path = f"{LOCATIONS}/{location['kind']}/{location['uid']}"
        palette = PaletteClient.connect(Settings(lambda _: None, self.env))
        palette.call("PUT", path, body, project=palette.project_uid("Default"))

    def unregister(self, outputs: dict[str, Any]) -> None:
        (location,) = self.control.locations()
        palette = PaletteClient.connect(Settings(lambda _: None, self.env))
        where = palette.project_uid("Default")
        palette.call("DELETE", f"{LOCATIONS}/s3/{location['uid']}", project=where)


def change_aws(hand: Hand, out: dict[str, Any]) -> None:
    s3, iam = hand.aws.client("s3"), hand.aws.client("iam")
    (bucket,), (user,), (name,) = hand.aws.buckets(), hand.aws.users(), hand.aws.policies()
    policy = f"arn:aws:iam::{hand.aws.account()}:policy/{name}"
    s3.delete_public_access_block(Bucket=bucket)
    iam.create_policy_version(PolicyArn=policy, PolicyDocument=json.dumps(DENY), SetAsDefault=True)
    iam.detach_user_policy(UserName=user, PolicyArn=policy)
    (key,) = hand.aws.keys(user)
    iam.update_access_key(UserName=user, AccessKeyId=key, Status="Inactive")


def change_sts(hand: Hand, out: dict[str, Any]) -> None:
    s3, iam = hand.aws.client("s3"), hand.aws.client("iam")
    (bucket,), (role,), (name,) = hand.aws.buckets(), hand.aws.roles(), hand.aws.policies()
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "team", "Value": "x"}]})
    trust = json.loads(json.dumps(DENY).replace("Deny", "Allow"))
    trust["Statement"] = [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": hand.aws.account()}}
    ]
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))
    policy = f"arn:aws:iam::{hand.aws.account()}:policy/{name}"
    iam.detach_role_policy(RoleName=role, PolicyArn=policy)


def change_gcp(hand: Hand, out: dict[str, Any]) -> None:
    bucket = hand.gcp.storage().get_bucket(out["bucket"])
    bucket.iam_configuration.public_access_prevention = "inherited"
    bucket.patch()
    policy = bucket.get_iam_policy(requested_policy_version=3)
    policy.bindings = [b for b in policy.bindings if b["role"] != test_gcp.ROLES[0]]
    bucket.set_iam_policy(policy)
    name = f"projects/-/serviceAccounts/{out['account']}"
    hand.gcp.accounts().keys().disable(name=f"{name}/keys/{out['key']}").execute()
    hand.gcp.accounts().disable(name=name).execute()


def change_azure(hand: Hand, out: dict[str, Any]) -> None:
    theirs = hand.azure.operator
    theirs.groups.update(out["group"], {"tags": {"team": "other"}})
    theirs.storage.storage_accounts.update(
        out["group"], out["account"], {"properties": {"allowBlobPublicAccess": True}}
    )
    for one in list(theirs.roles.list_for_subscription()):
        if out["account"] in one.scope:
            theirs.roles.delete_by_id(one.id)
    (application,) = hand.azure.applications()
    (secret,) = application["passwordCredentials"]
    path = f"/applications/{application['id']}/removePassword"
    assert theirs.graph("POST", path, {"keyId": secret["keyId"]}).ok


def change_minio(hand: Hand, out: dict[str, Any]) -> None:
    tags = {"TagSet": [{"Key": "team", "Value": "x"}]}
    hand.minio.s3().put_bucket_tagging(Bucket=out["bucket"], Tagging=tags)
    hand.minio.admin("policy_add", out["policy"], policy={**DENY})
    hand.minio.admin("user_add", out["user"], "changed-by-another-hand")


@dataclass(frozen=True)
class Case:
    """A component, what a hand does to what it made, and the types that this concerns."""

    name: str
    program: str
    change: Callable[[Hand, dict[str, Any]], None]
    concerns: set[str]
    works: Callable[..., None]
    eyes: str


CASES = [
    Case(
        "AwsBackupLocation",
        test_aws.PROGRAM,
        change_aws,
        {"aws:Bucket", "aws:Policy", "aws:User", "aws:AccessKey"},
        test_aws.works,
        "aws",
    ),
    Case(
        "AwsStsBackupLocation",
        test_aws_sts.PROGRAM.replace("999988887777", DEFAULT_ACCOUNT_ID),
        change_sts,
        {"aws:Bucket", "aws:Role"},
        test_aws_sts.works,
        "aws",
    ),
    Case(
        "GcpBackupLocation",
        test_gcp.PROGRAM,
        change_gcp,
        {"gcp:Bucket", "gcp:BucketAccess", "gcp:ServiceAccount", "gcp:ServiceAccountKey"},
        test_gcp.works,
        "gcp",
    ),
    Case(
        "AzureBackupLocation",
        test_azure.PROGRAM,
        change_azure,
        {
            "azure:ResourceGroup",
            "azure:StorageAccount",
            "azure:RoleAssignment",
            "azure:ClientSecret",
        },
        test_azure.works,
        "azure",
    ),
    Case(
        "MinioBackupLocation",
        test_minio.PROGRAM,
        change_minio,
        {"minio:Bucket", "minio:Policy", "minio:User"},
        test_minio.works,
        "minio",
    ),
]


@pytest.fixture
def hand(
    env: dict[str, str],
    control: Control,
    aws: AwsEyes,
    gcp: GcpEyes,
    azure: AzureEyes,
    minio: MinioEyes,
) -> Hand:
    return Hand(env, control, aws, gcp, azure, minio)


def planned(stack: Stack) -> dict[str, str]:
    """What a preview with a refresh would do, by our own types."""
    found: dict[str, str] = {}
    for urn, step in stack.steps("--refresh").items():
        if "dynamic/" in urn and step["op"] != "refresh":
            found[urn.rpartition("::")[0].rpartition("/")[2]] = step["op"]
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_another_hand_changed_is_put_back(case: Case, stack: Stack, hand: Hand) -> None:
    stack.program(case.program)
    stack.up()
    outputs = stack.outputs()
    stack.unchanged()
    case.change(hand, outputs)
    hand.relabel(outputs)

    seen = planned(stack)
    assert case.concerns | {"palette:BackupLocation"} <= seen.keys()
    stack.run("refresh", "--preview-only", "--expect-no-changes", ok=False)
    stack.run("preview", "--refresh", "--expect-no-changes", ok=False)
    stack.up("--refresh")
    stack.unchanged()
    assert hand.control.locations()[0]["body"]["metadata"].get("labels") in (None, {})
    case.works(hand.control, getattr(hand, case.eyes))
    stack.destroy()
    assert getattr(hand, case.eyes).nothing_left() and not hand.control.locations()


@pytest.mark.parametrize("case", sampled(CASES))
def test_a_location_that_is_gone_is_made_again(case: Case, stack: Stack, hand: Hand) -> None:
    stack.program(case.program)
    stack.up()
    hand.unregister(stack.outputs())
    assert planned(stack) == {"palette:BackupLocation": "create"}
    stack.up("--refresh")
    stack.unchanged()
    case.works(hand.control, getattr(hand, case.eyes))


def test_a_deep_refresh_tries_the_credential(stack: Stack, hand: Hand) -> None:
    stack.program(test_aws.PROGRAM)
    stack.up()
    (user,) = hand.aws.users()
    theirs: dict[str, Any] = {"UserName": user, "PolicyName": "theirs"}
    iam = hand.aws.client("iam")
    iam.put_user_policy(**theirs, PolicyDocument=json.dumps(DENY))
    stack.unchanged()  # what others added is no drift

    stack.environment = {**stack.environment, "PALETTE_DEEP_REFRESH": "true"}
    seen = stack.preview("--refresh", "--diff").text
    assert "- refused" in seen and "AccessDenied" in seen
    stack.run("preview", "--refresh", "--expect-no-changes", ok=False)
    stack.environment = {**stack.environment, "PALETTE_AWS_WAIT": "1"}
    assert "AccessDenied" in stack.up("--refresh", ok=False).errors

    iam.delete_user_policy(**theirs)
    stack.up("--refresh")
    stack.unchanged()
    stack.destroy()
    assert hand.aws.nothing_left() and not hand.control.locations()
