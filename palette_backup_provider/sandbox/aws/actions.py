"""Which actions a call to S3 or IAM takes, and on what, as policies name both.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Mapping
from typing import Any

from palette_backup_provider.sandbox.aws.call import Call

_S3 = {
    "CompleteMultipartUpload": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "DeleteObjects": "DeleteObject",
    "HeadObject": "GetObject",
    "HeadBucket": "ListBucket",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListParts": "ListMultipartUploadParts",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "ListBuckets": "ListAllMyBuckets",
}
"""Operations whose action in a policy has another name."""
_TAGGED = ("CreateBucket", "CreatePolicy", "CreateRole", "CreateUser")
"""What takes leave to tag as well, if it makes something with tags."""


def actions(call: Call) -> list[str]:
    """The actions that a call takes."""
    tagged = call.tagged and call.operation in _TAGGED
    if call.service == "iam":
        kind = call.operation.removeprefix("Create")
        return [f"iam:{call.operation}", *([f"iam:Tag{kind}"] if tagged else [])]
    action = s3_action(call.operation)
    if call.versions and action == "s3:DeleteObject":
        action = "s3:DeleteObjectVersion"
    return [action, *(["s3:TagResource"] if tagged else [])]


def resource(call: Call) -> str:
    """What a call is about; `*` if it is about nothing in particular."""
    return _iam_resource(call) if call.service == "iam" else s3_resource(call)


def s3_action(operation: str) -> str:
    """The action that an operation of S3 takes."""
    return f"s3:{_S3.get(operation, operation)}"


def s3_resource(call: Call) -> str:
    """The object, else the bucket, of a call to S3."""
    if not call.bucket:
        return "*"
    bucket = f"arn:{call.partition}:s3:::{call.bucket}"
    return f"{bucket}/{call.key}" if call.key else bucket


def _iam_resource(call: Call) -> str:
    named, iam = call.form.get, call.iam
    if group := named("GroupName"):
        return _arn(call, "group", group, iam.groups)
    if user := named("UserName") or _holder(call):
        return _arn(call, "user", user, iam.users)
    if role := named("RoleName"):
        return _arn(call, "role", role, {role.name: role for role in iam.roles.values()})
    if policy := named("PolicyName"):
        return _arn(call, "policy", policy, {})
    principal = call.principal
    if call.operation == "GetUser" and principal:
        return principal.arn
    return named("PolicyArn") or named("PolicySourceArn") or "*"


def _arn(call: Call, kind: str, name: str, named: Mapping[str, Any]) -> str:
    """The ARN of what has that name, or will have it."""
    if name in named:
        return str(named[name].arn)
    path = call.form.get("Path", "/")
    return f"arn:{call.partition}:iam::{call.account}:{kind}{path}{name}"


def _holder(call: Call) -> str:
    """The user whose access key a call asks about."""
    key = call.iam.access_keys.get(call.form.get("AccessKeyId", ""))
    return str(key.user_name) if key else ""
