"""What an operator needs on MinIO, and which of it the user in use has.

The server tells the policies of a user and its groups. What else limits an access key or a session
is not told.
"""

from typing import Any, Literal

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core.permissions import (
    EXAMPLE,
    Answer,
    Permissions,
    Statement,
    covers,
)
from palette_backup_provider.core.policy_language import ARN

DOCUMENT = "docs/permissions/minio.json"
OBJECTS = ("s3:DeleteObject", "s3:DeleteObjectVersion")
"""The actions that are on objects; the others of S3 are on a bucket."""
BUCKET = Statement(
    DOCUMENT,
    (
        "s3:CreateBucket",
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        *OBJECTS,
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketPolicy",
        "s3:GetBucketTagging",
        "s3:GetLifecycleConfiguration",
        "s3:ListBucket",
        "s3:PutBucketPolicy",
        "s3:PutBucketTagging",
    ),
    "Bucket",
)
POLICY_AND_USER = Statement(
    DOCUMENT,
    (
        "admin:AddUserToGroup",
        "admin:CreatePolicy",
        "admin:CreateUser",
        "admin:DeletePolicy",
        "admin:DeleteUser",
        "admin:GetPolicy",
        "admin:GetUser",
        "admin:ListServiceAccounts",
        "admin:ListUserPolicies",
        "admin:RemoveUserFromGroup",
        "admin:RemoveServiceAccount",
        "admin:UpdatePolicyAssociation",
        "admin:UpdateServiceAccount",
    ),
    "PolicyAndUser",
)
STATEMENTS = (BUCKET, POLICY_AND_USER)


def permissions(minio: MinioClient, name: str = EXAMPLE) -> Permissions:
    """Which permissions the user in use has on a bucket called `name`. Asking takes none.

    Raises ApiError where the server cannot be asked, and NoAdminApi where it is no MinIO.
    """
    policies = minio.admin("account_info")["Policy"]["Statement"] or []
    answers = [_answer(statement, policies, name) for statement in STATEMENTS]
    return Permissions(answers, f"a bucket called {name}")


def _answer(statement: Statement, policies: list[dict[str, Any]], name: str) -> Answer:
    decisions = {action: _decision(policies, action, name) for action in statement.actions}
    unclear = [action for action, decision in decisions.items() if decision == "conditional"]
    why = f"By policy it depends on each request: {', '.join(unclear)}." if unclear else ""
    return Answer(statement, tuple(a for a, d in decisions.items() if d == "denied"), why)


def _decision(
    policies: list[dict[str, Any]], action: str, name: str
) -> Literal["allowed", "denied", "conditional"]:
    """What the policies say of an action; they have no order, and a denial wins."""
    statements = [statement for statement in policies if _speaks_of(statement, action, name)]
    sure = {statement["Effect"] for statement in statements if not statement.get("Condition")}
    if "Deny" in sure or not statements:
        return "denied"
    if "Allow" in sure and all(statement["Effect"] == "Allow" for statement in statements):
        return "allowed"
    return (
        "conditional"
        if any(statement["Effect"] == "Allow" for statement in statements)
        else "denied"
    )


def _speaks_of(statement: dict[str, Any], action: str, name: str) -> bool:
    if not _includes(statement, "Action", (action,)):
        return False
    # MinIO takes a bucket for a folder, too
    resources = (f"{name}/x",) if action in OBJECTS else (name, f"{name}/")
    on = tuple(f"{ARN}{resource}" for resource in resources)
    return action.startswith("admin:") or _includes(statement, "Resource", on)


def _includes(statement: dict[str, Any], element: str, named: tuple[str, ...]) -> bool:
    """Whether an element of a statement, or the lack of what its opposite lists, includes one of
    these names."""

    def listed(key: str) -> bool:
        return any(covers(pattern, name) for pattern in statement.get(key) or [] for name in named)

    return listed(element) if statement.get(element) else not listed(f"Not{element}")
