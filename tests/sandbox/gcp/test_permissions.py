"""An operator on Google Cloud who may do what docs/permissions says, and nothing else."""

from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from palette_backup_provider.sandbox.gcp.iam import Iam
from palette_backup_provider.sandbox.gcp.policy import Policy
from tests.sandbox.control import Control
from tests.sandbox.gcp.inspector import GcpInspector
from tests.sandbox.operator_life import Life, document
from tests.sandbox.refusals import change
from tests.sandbox.stack import Stack

SELDOM = {
    "iam.roles.undelete",
    "iam.serviceAccountKeys.enable",
    "iam.serviceAccounts.enable",
    "iam.roles.update",
}
"""For what a life may lack: drift, a role id that is used again."""


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


def test_a_life(
    stack: Stack,
    control: Control,
    gcp: GcpInspector,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    role = document("gcp.yaml")
    operator, key = _google_operator(gcp, role)
    path = tmp_path / "operator.json"
    path.write_bytes(key)
    change(stack, GOOGLE_APPLICATION_CREDENTIALS=str(path))
    used = set[str]()
    judge = Iam.allows

    def noted(self: Iam, member: str, permission: str, *policies: Policy) -> bool:
        if member == operator:
            used.add(permission)
        return judge(self, member, permission, *policies)

    monkeypatch.setattr(Iam, "allows", noted)
    first = 'location="EU", snapshots=True, labels={"team": "storage"}'
    then = 'location="EU", snapshots=True, versioning=True, force_destroy=True'
    life = Life(stack, control, "GcpBackupLocation")
    for config in life(first, f'{then}, rotation="2", retire_after=0'):
        bucket = gcp.storage().bucket(config["bucketName"])
        bucket.blob("backups/one").upload_from_string(b"data")
    assert used | SELDOM >= {*role["includedPermissions"]} >= used
