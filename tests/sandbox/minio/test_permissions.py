"""An operator on MinIO who may do what docs/permissions says, and nothing else."""

from typing import Any

import pytest

from tests.sandbox.control import Control
from tests.sandbox.minio.inspector import MinioInspector
from tests.sandbox.operator_life import Life, actions, document
from tests.sandbox.refusals import change
from tests.sandbox.stack import Stack

OF_EXISTING = {"s3:GetBucketObjectLockConfiguration", "s3:GetLifecycleConfiguration"}
"""For a look at what exists already; what these credentials may not ask about is passed over."""
DOCUMENTED = {"admin:RemoveUserFromGroup"}
"""MinIO documents it and may ask for it one day; the last open release asks for AddUserToGroup."""
SELDOM = {
    *OF_EXISTING,
    *DOCUMENTED,
    "admin:ListUserPolicies",
    "admin:UpdateServiceAccount",
    "s3:DeleteBucketPolicy",
    "s3:DeleteObjectVersion",
    "s3:PutBucketPolicy",
}
"""For what a life may lack: a killed run, drift, versions."""


def _live(stack: Stack, control: Control, minio: MinioInspector, policy: dict[str, Any]) -> None:
    minio.admin("policy_add", "operator", policy=policy)
    minio.admin("user_add", "operator", "secret-of-the-operator")
    minio.admin("attach_policy", ["operator"], user="operator")
    change(stack, MINIO_USER="operator", MINIO_PASSWORD="secret-of-the-operator")
    then = 'tags={"team": "backup"}, force_destroy=True'
    life = Life(stack, control, "MinioBackupLocation")
    for config in life('tags={"team": "storage"}', then, f'{then}, rotation="2", retire_after=0'):
        minio.s3().put_object(Bucket=config["bucketName"], Key="backups/one", Body=b"data")


@pytest.mark.stress
def test_a_life(stack: Stack, control: Control, minio: MinioInspector) -> None:
    _live(stack, control, minio, document("minio.json"))


@pytest.mark.stress
@pytest.mark.parametrize("action", sorted(actions(document("minio.json")) - SELDOM))
def test_a_life_without_one_of_them(
    stack: Stack, control: Control, minio: MinioInspector, action: str
) -> None:
    """MinIO, which is not ours, does not tell what it asked for."""
    policy = document("minio.json")
    for statement in policy["Statement"]:
        statement["Action"] = [one for one in statement["Action"] if one != action]
    with pytest.raises(AssertionError):
        _live(stack, control, minio, policy)
