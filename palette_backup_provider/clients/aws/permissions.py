"""What an operator needs on AWS, and which of it the credentials in use have.

IAM simulates the policies of a user or role, and calls nothing. It knows neither the policies of
buckets nor those of a session.
"""

from typing import Any

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.clients.aws.denied import is_denied
from palette_backup_provider.core.errors import ApiError, NotFound
from palette_backup_provider.core.permissions import (
    EXAMPLE,
    Answer,
    Permissions,
    Statement,
    answered,
    unclear,
)

DOCUMENT = "docs/permissions/aws.json"
BUCKET = Statement(
    DOCUMENT,
    (
        "s3:CreateBucket",
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketOwnershipControls",
        "s3:GetBucketPolicy",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketTagging",
        "s3:GetBucketVersioning",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:ListBucket",
        "s3:ListBucketMultipartUploads",
        "s3:ListBucketVersions",
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:TagResource",
    ),
    "Bucket",
)
FORCE_DESTROY = Statement(
    DOCUMENT,
    ("s3:AbortMultipartUpload", "s3:DeleteObjectVersion"),
    "ForceDestroy",
    only_for="force_destroy=True",
)
POLICY = Statement(
    DOCUMENT,
    (
        "iam:CreatePolicy",
        "iam:CreatePolicyVersion",
        "iam:DeletePolicy",
        "iam:DeletePolicyVersion",
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
        "iam:ListEntitiesForPolicy",
        "iam:ListPolicyVersions",
        "iam:TagPolicy",
        "iam:UntagPolicy",
    ),
    "Policy",
)
USER = Statement(
    DOCUMENT,
    (
        "iam:AttachUserPolicy",
        "iam:CreateAccessKey",
        "iam:CreateUser",
        "iam:DeleteAccessKey",
        "iam:DeleteUser",
        "iam:DetachUserPolicy",
        "iam:GetAccessKeyLastUsed",
        "iam:GetUser",
        "iam:ListAccessKeys",
        "iam:ListAttachedUserPolicies",
        "iam:ListUserTags",
        "iam:TagUser",
        "iam:UntagUser",
    ),
    "UserAndKey",
    only_for="AwsBackupLocation",
    or_else="RoleForAwsStsBackupLocation",
)
DOCTOR = Statement(
    DOCUMENT,
    ("iam:GetRole", "iam:SimulatePrincipalPolicy"),
    "Doctor",
    only_for="palette-backup doctor",
)
ROLE = Statement(
    DOCUMENT,
    (
        "iam:AttachRolePolicy",
        "iam:CreateRole",
        "iam:DeleteRole",
        "iam:DetachRolePolicy",
        "iam:GetRole",
        "iam:ListAttachedRolePolicies",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
    ),
    "RoleForAwsStsBackupLocation",
    only_for="AwsStsBackupLocation",
    or_else="UserAndKey",
)
STATEMENTS = (BUCKET, FORCE_DESTROY, POLICY, USER, DOCTOR, ROLE)
ASKED = {
    BUCKET: "s3:::{name}",
    FORCE_DESTROY: "s3:::{name}/*",
    POLICY: "iam::{account}:policy/{name}",
    USER: "iam::{account}:user/{name}",
    ROLE: "iam::{account}:role/{name}",
}
"""The ARN that each statement is asked about, after the partition. A policy may allow certain names
only. The doctor's own rights are known by their use."""


def permissions(aws: AwsClient, name: str = EXAMPLE) -> Permissions:
    """Which permissions the credentials in use have on a bucket, policy, user and role called
    `name`.

    Raises ApiError where AWS cannot be asked.
    """
    arn = aws.arn()
    if arn.endswith(":root"):  # no policy of the account is about its root
        return answered(STATEMENTS, {action for one in STATEMENTS for action in one.actions})
    if ":federated-user/" in arn:
        return unclear(STATEMENTS, f"{arn} is a federated user, for whom IAM simulates nothing.")
    source = _role(aws, arn) if ":assumed-role/" in arn else arn
    where = {"account": aws.account(), "name": name}
    try:
        return Permissions(
            [
                _answer(aws, source, one, f"arn:{aws.partition()}:{resource.format(**where)}")
                for one, resource in ASKED.items()
            ],
            f"a bucket, policy, user and role called {name}",
        )
    except NotFound as error:
        why = f"{error} A role's path is told with iam:GetRole ({DOCTOR.where})."
    except ApiError as error:
        if not is_denied(error):
            raise
        why = f"{error} Allow iam:SimulatePrincipalPolicy ({DOCTOR.where})."
    return unclear(ASKED, why)


def _role(aws: AwsClient, arn: str) -> str:
    """The role of a session, whose ARN leaves the role's path out."""
    name = arn.split("/")[1]
    try:
        return str(aws.call("iam", "get_role", RoleName=name)["Role"]["Arn"])
    except ApiError as error:
        if not is_denied(error):
            raise
        return f"arn:{aws.partition()}:iam::{aws.account()}:role/{name}"


def _answer(aws: AwsClient, source: str, statement: Statement, resource: str) -> Answer:
    page: dict[str, Any] = {"IsTruncated": True}
    refused: dict[str, set[str]] = {}
    while page["IsTruncated"]:
        page = aws.call(
            "iam",
            "simulate_principal_policy",
            PolicySourceArn=source,
            ActionNames=[*statement.actions],
            ResourceArns=[resource],
            **({"Marker": page["Marker"]} if "Marker" in page else {}),
        )
        for result in page["EvaluationResults"]:
            if result["EvalDecision"] != "allowed":
                refused[result["EvalActionName"]] = _open_conditions(result)
    missing = tuple(action for action in statement.actions if refused.get(action) == set())
    unclear = sorted({key for keys in refused.values() for key in keys})
    why = f"On {resource} it depends on {', '.join(unclear)}." if unclear else ""
    return Answer(statement, missing, why)


def _open_conditions(result: dict[str, Any]) -> set[str]:
    """Keys that a condition asks for, and that only a real call has."""
    parts = (result, *result.get("ResourceSpecificResults", []))
    return {key for part in parts for key in part.get("MissingContextValues", [])}
