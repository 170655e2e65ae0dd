"""An operator who may do what docs/permissions says, and nothing else, lives a whole life."""

import json
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from moto.iam.access_control import IAMPolicy, PermissionResult

from palette_backup_provider.clients.aws import permissions as aws_permissions
from palette_backup_provider.clients.azure import permissions as azure_permissions
from palette_backup_provider.core.permissions import Statement
from palette_backup_provider.sandbox.aws import identity as aws_identity
from palette_backup_provider.sandbox.aws.resource_policy import Principal, Verdict, judge_identity
from palette_backup_provider.sandbox.azure.built_in import OWNER, ROLES, Role
from palette_backup_provider.sandbox.azure.entra import Caller
from palette_backup_provider.sandbox.azure.roles import Access
from palette_backup_provider.sandbox.gcp.iam import Iam
from palette_backup_provider.sandbox.gcp.policy import Policy
from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.azure.inspector import AzureInspector
from tests.sandbox.conftest import Control
from tests.sandbox.gcp.inspector import GcpInspector
from tests.sandbox.minio.inspector import MinioInspector
from tests.sandbox.stack import Stack

DOCUMENTS = Path(__file__).parents[2] / "docs" / "permissions"
OF_BROUGHT = {
    "Microsoft.Storage/storageAccounts/managementPolicies/read",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetLifecycleConfiguration",
}
"""For a look at what is brought; what these credentials may not ask about is passed over."""
OF_DOCTOR = {"Microsoft.Authorization/permissions/read", "iam:SimulatePrincipalPolicy"}
"""For `palette-backup doctor`; no program needs it."""
SELDOM = (
    OF_BROUGHT
    | OF_DOCTOR
    | {
        "Microsoft.Resources/subscriptions/locations/read",
        "admin:ListUserPolicies",
        "admin:UpdateServiceAccount",
        "iam:GetAccessKeyLastUsed",
        "iam:UntagPolicy",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam.roles.undelete",
        "iam.serviceAccountKeys.enable",
        "iam.serviceAccounts.enable",
        "iam.roles.update",
        "s3:DeleteBucketPolicy",
        "s3:DeleteObjectVersion",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutEncryptionConfiguration",
    }
)
"""For what a life may lack: a killed run, drift, a tag that goes, a role id that is used again,
versions, a location that may be new."""


def document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DOCUMENTS / name).read_text())  # JSON is YAML
    return found


def actions(policy: dict[str, Any]) -> set[str]:
    return {action for statement in policy["Statement"] for action in statement["Action"]}


def of_one_use(statement: Statement, others: Iterable[Statement]) -> set[str]:
    """What is in no other statement."""
    shared = {action for one in others if one is not statement for action in one.actions}
    return set(statement.actions) - shared


@dataclass
class Life:
    """A location that is made, changed, rotated, and removed with backups in its bucket."""

    stack: Stack
    control: Control
    component: str

    def __call__(self, *arguments: str) -> Iterator[dict[str, Any]]:
        """One `up` for each text of arguments; what Palette has is given out before the end."""
        for each in arguments:
            program = f'{self.component}("nightly", {self.component}Args({each}))'
            self.stack.program(program)
            self.stack.up()
            self.stack.up("--refresh")  # also removes the old key of a rotation
        (location,) = self.control.locations()
        yield location["body"]["spec"]["config"]
        self.stack.refresh()
        self.stack.destroy()
        assert not self.control.locations()


def as_operator(stack: Stack, **settings: str) -> None:
    stack.environment = {**stack.environment, **settings}


@pytest.fixture
def patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.mark.stress
def test_on_aws(
    stack: Stack, control: Control, aws: AwsInspector, patch: pytest.MonkeyPatch
) -> None:
    policy = document("aws.json")
    iam = aws.client("iam")
    arn = iam.create_policy(PolicyName="operator", PolicyDocument=json.dumps(policy))
    iam.create_user(UserName="operator")
    iam.attach_user_policy(UserName="operator", PolicyArn=arn["Policy"]["Arn"])
    key = iam.create_access_key(UserName="operator")["AccessKey"]
    as_operator(
        stack,
        AWS_ACCESS_KEY_ID=key["AccessKeyId"],
        AWS_SECRET_ACCESS_KEY=key["SecretAccessKey"],
    )
    used = set[str]()
    by_moto, judge = IAMPolicy.is_action_permitted, judge_identity

    def note(document: object, action: str) -> None:
        if "RoleForAwsStsBackupLocation" in str(document):
            used.add(action)

    def noted_by_moto(self: IAMPolicy, action: str, *where: Any) -> PermissionResult:
        note(self._policy_json, action)
        return by_moto(self, action, *where)

    def noted(document: str, who: Principal, action: str, *where: Any) -> Verdict | None:
        note(document, action)
        return judge(document, who, action, *where)

    patch.setattr(IAMPolicy, "is_action_permitted", noted_by_moto)
    patch.setattr(aws_identity, "judge_identity", noted)
    first = 'region="us-east-1", force_destroy=True, tags={"team": "storage"}'
    then = 'region="us-east-1", force_destroy=True, versioning=True, snapshots=True'
    life = Life(stack, control, "AwsBackupLocation")
    for config in life(first, f'{then}, tls_only=False, rotation="2", retire_after=0'):
        s3 = aws.client("s3")
        for _ in range(2):
            s3.put_object(Bucket=config["bucketName"], Key="backups/one", Body=b"data")
        s3.create_multipart_upload(Bucket=config["bucketName"], Key="backups/two")
    assert not used & of_one_use(aws_permissions.ROLE, aws_permissions.STATEMENTS)
    with_key = set(used)
    used.clear()
    lock = 'object_lock=aws.ObjectLock(mode="GOVERNANCE", days=1)'
    life = Life(stack, control, "AwsStsBackupLocation")
    for _ in life(first, f"{then}, max_session_hours=1", f"{then}, {lock}"):
        assert aws.roles()
    assert not used & of_one_use(aws_permissions.USER, aws_permissions.STATEMENTS)
    used |= with_key
    assert used | SELDOM >= actions(policy) >= used


def _google_operator(gcp: GcpInspector, role: dict[str, Any]) -> tuple[str, bytes]:
    """A service account that has only this role, and its key."""
    iam, project = gcp.api("iam", "v1").projects(), f"projects/{gcp.project}"
    made = iam.roles().create(parent=project, body={"roleId": "operator", "role": role}).execute()
    account = iam.serviceAccounts().create(name=project, body={"accountId": "the-operator"})
    name = account.execute()["name"]
    key = iam.serviceAccounts().keys().create(name=name, body={}).execute()
    member = f"serviceAccount:{name.rpartition('/')[2]}"
    projects = gcp.api("cloudresourcemanager", "v1").projects()
    policy = projects.getIamPolicy(resource=gcp.project).execute()
    policy["bindings"].append({"role": made["name"], "members": [member]})
    projects.setIamPolicy(resource=gcp.project, body={"policy": policy}).execute()
    return member, b64decode(key["privateKeyData"])


def test_on_google_cloud(
    stack: Stack, control: Control, gcp: GcpInspector, patch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    role = document("gcp.yaml")
    operator, key = _google_operator(gcp, role)
    path = tmp_path / "operator.json"
    path.write_bytes(key)
    as_operator(stack, GOOGLE_APPLICATION_CREDENTIALS=str(path))
    used = set[str]()
    judge = Iam.allows

    def noted(self: Iam, member: str, permission: str, *policies: Policy) -> bool:
        if member == operator:
            used.add(permission)
        return judge(self, member, permission, *policies)

    patch.setattr(Iam, "allows", noted)
    first = 'location="EU", snapshots=True, labels={"team": "storage"}'
    then = 'location="EU", snapshots=True, versioning=True, force_destroy=True'
    life = Life(stack, control, "GcpBackupLocation")
    for config in life(first, f'{then}, rotation="2", retire_after=0'):
        bucket = gcp.storage().bucket(config["bucketName"])
        bucket.blob("backups/one").upload_from_string(b"data")
    assert used | SELDOM >= {*role["includedPermissions"]} >= used


@pytest.mark.stress
def test_on_azure(
    stack: Stack, control: Control, azure: AzureInspector, patch: pytest.MonkeyPatch
) -> None:
    role = document("azure.json")
    patch.setitem(ROLES, OWNER, Role(role["Name"], tuple(role["Actions"])))
    used = set[str]()
    demand = Access.demand

    def noted(self: Access, caller: Caller, action: str, scope: str) -> None:
        if caller.principal.application.body()["displayName"] == "operator":
            used.add(action)
        demand(self, caller, action, scope)

    patch.setattr(Access, "demand", noted)
    clusters = f"/subscriptions/{azure.operator.subscription}/resourceGroups/clusters"
    first = f'location="westeurope", tags={{"team": "storage"}}, snapshot_scopes=["{clusters}"]'
    then = 'location="westeurope", tags={"team": "backup"}, force_destroy=True'
    life = Life(stack, control, "AzureBackupLocation")
    for config in life(first, f'{then}, rotation="2", retire_after=0'):
        azure.can_back_up(config)
    with_snapshots = set(used)
    used.clear()
    with azure.group("theirs") as name:
        theirs = f'existing_resource_group="{name}", existing_storage_account="{name}"'
        for config in life(f'location="westeurope", {theirs}'):
            azure.can_back_up(config)
    assert not used & set(azure_permissions.SNAPSHOTS.actions)
    used |= with_snapshots
    assert used | SELDOM >= {*role["Actions"]} >= used


def _live_on_minio(
    stack: Stack, control: Control, minio: MinioInspector, policy: dict[str, Any]
) -> None:
    minio.admin("policy_add", "operator", policy=policy)
    minio.admin("user_add", "operator", "secret-of-the-operator")
    minio.admin("attach_policy", ["operator"], user="operator")
    as_operator(stack, MINIO_USER="operator", MINIO_PASSWORD="secret-of-the-operator")
    then = 'tags={"team": "backup"}, force_destroy=True'
    life = Life(stack, control, "MinioBackupLocation")
    for config in life('tags={"team": "storage"}', then, f'{then}, rotation="2", retire_after=0'):
        minio.s3().put_object(Bucket=config["bucketName"], Key="backups/one", Body=b"data")


@pytest.mark.stress
def test_on_minio(stack: Stack, control: Control, minio: MinioInspector) -> None:
    _live_on_minio(stack, control, minio, document("minio.json"))


@pytest.mark.stress
@pytest.mark.parametrize("action", sorted(actions(document("minio.json")) - SELDOM))
def test_on_minio_without_one_of_them(
    stack: Stack, control: Control, minio: MinioInspector, action: str
) -> None:
    """MinIO, which is not ours, does not tell what it asked for."""
    policy = document("minio.json")
    for statement in policy["Statement"]:
        statement["Action"] = [one for one in statement["Action"] if one != action]
    with pytest.raises(AssertionError):
        _live_on_minio(stack, control, minio, policy)
