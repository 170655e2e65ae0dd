"""An operator on AWS who may do what docs/permissions says, and nothing else."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from moto.iam.access_control import IAMPolicy, PermissionResult

from palette_backup_provider.clients.aws import permissions as aws_permissions
from palette_backup_provider.core.permissions import Statement
from palette_backup_provider.sandbox.aws import identity as aws_identity
from palette_backup_provider.sandbox.aws.resource_policy import (
    Principal,
    Verdict,
    evaluate_identity,
)
from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.control import Control
from tests.sandbox.operator_life import Life, actions, document
from tests.sandbox.refusals import change
from tests.sandbox.stack import Stack

OF_EXISTING = {"s3:GetBucketObjectLockConfiguration", "s3:GetLifecycleConfiguration"}
"""For a look at what exists already; what these credentials may not ask about is passed over."""
OF_DOCTOR = {"iam:SimulatePrincipalPolicy"}
"""For `palette-backup doctor`; no program needs it."""
SELDOM = {
    *OF_EXISTING,
    *OF_DOCTOR,
    "iam:GetAccessKeyLastUsed",
    "iam:UntagPolicy",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "s3:DeleteBucketPolicy",
    "s3:DeleteObjectVersion",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutEncryptionConfiguration",
}
"""For what a life may lack: a killed run, drift, a tag that goes, versions."""


def of_one_use(statement: Statement, others: Iterable[Statement]) -> set[str]:
    """What is in no other statement."""
    shared = {action for one in others if one is not statement for action in one.actions}
    return set(statement.actions) - shared


@pytest.mark.stress
def test_a_life(
    stack: Stack, control: Control, aws: AwsInspector, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = document("aws.json")
    iam = aws.client("iam")
    arn = iam.create_policy(PolicyName="operator", PolicyDocument=json.dumps(policy))
    iam.create_user(UserName="operator")
    iam.attach_user_policy(UserName="operator", PolicyArn=arn["Policy"]["Arn"])
    key = iam.create_access_key(UserName="operator")["AccessKey"]
    change(
        stack,
        AWS_ACCESS_KEY_ID=key["AccessKeyId"],
        AWS_SECRET_ACCESS_KEY=key["SecretAccessKey"],
    )
    used = set[str]()
    by_moto, judge = IAMPolicy.is_action_permitted, evaluate_identity

    def note(document: object, action: str) -> None:
        if "RoleForAwsStsBackupLocation" in str(document):
            used.add(action)

    def noted_by_moto(self: IAMPolicy, action: str, *where: Any) -> PermissionResult:
        note(self._policy_json, action)
        return by_moto(self, action, *where)

    def noted(document: str, who: Principal, action: str, *where: Any) -> Verdict | None:
        note(document, action)
        return judge(document, who, action, *where)

    monkeypatch.setattr(IAMPolicy, "is_action_permitted", noted_by_moto)
    monkeypatch.setattr(aws_identity, "evaluate_identity", noted)
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
