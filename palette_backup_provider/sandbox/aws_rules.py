"""What AWS refuses and moto lets pass, one function a rule.

A rule looks at a call before moto does, and answers with AWS's refusal or with None.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from moto.iam.access_control import (
    IAMPolicy,
    PermissionResult,
    create_access_key,
)
from moto.iam.exceptions import NotFoundException
from moto.iam.models import Role, iam_backends
from moto.kms.models import Key, kms_backends
from werkzeug.wrappers import Response

from palette_backup_provider.sandbox.aws_call import Call
from palette_backup_provider.sandbox.aws_policy import judge

Rule = Callable[[Call], Response | None]

_S3_ACTIONS = {
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
_STAMP = "%Y%m%dT%H%M%S"
_TIMELY = timedelta(minutes=5)


def refusal(call: Call, code: str, message: str, status: int = 403) -> Response:
    """An error in the shape of the called service's protocol."""
    error = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
    if call.service == "ec2":
        body = f"<Response><Errors><Error>{error}</Error></Errors></Response>"
    elif call.service in ("s3", ""):
        body = f"<Error>{error}</Error>"
    else:
        error = f"<Type>Sender</Type>{error}"
        body = f"<ErrorResponse><Error>{error}</Error></ErrorResponse>"
    return Response(f'<?xml version="1.0"?>{body}', status, content_type="text/xml")


def unknown_key(call: Call) -> Response:
    """How AWS refuses an access key that it does not know, or not yet."""
    if call.service == "s3":
        message = "The AWS Access Key Id you provided does not exist in our records."
        return refusal(call, "InvalidAccessKeyId", message)
    message = "The security token included in the request is invalid."
    return refusal(call, "InvalidClientTokenId", message)


def unsigned(call: Call) -> Response | None:
    """Nothing here is public."""
    return None if call.access_key else refusal(call, "AccessDenied", "Access Denied")


def wrong_clock(call: Call) -> Response | None:
    """A signature holds for a few minutes."""
    if not call.signed_at:
        return None
    now = datetime.now(UTC)
    ahead = datetime.strptime(call.signed_at, f"{_STAMP}%z") - now
    if call.service == "s3":
        message = "The difference between the request time and the current time is too large."
        far = abs(ahead) > timedelta(minutes=15)
        return refusal(call, "RequestTimeTooSkewed", message) if far else None
    if abs(ahead) <= _TIMELY:
        return None
    late = ahead < timedelta()
    edge = now - _TIMELY if late else now + _TIMELY
    said = "expired: {} is now earlier" if late else "not yet current: {} is still later"
    message = f"Signature {said.format(call.signed_at)} than {edge:{_STAMP}}Z"
    return refusal(call, "SignatureDoesNotMatch", message)


def inactive_key(call: Call) -> Response | None:
    """A key that was switched off is as good as none."""
    key = call.credential
    return unknown_key(call) if key and key.status != "Active" else None


def user_with_keys(call: Call) -> Response | None:
    """A user goes only after its access keys."""
    if call.operation != "DeleteUser":
        return None
    user = call.iam.users.get(call.form.get("UserName", ""))
    if not user or not user.access_keys:
        return None
    message = "Cannot delete entity, must delete access keys first."
    return refusal(call, "DeleteConflict", message, 409)


def attached_policy(call: Call) -> Response | None:
    """A policy goes only when nobody has it any more."""
    if call.operation != "DeletePolicy":
        return None
    iam, arn = call.iam, call.form.get("PolicyArn", "")
    holders: tuple[Any, ...] = (*iam.users.values(), *iam.roles.values(), *iam.groups.values())
    # not by moto's count, which a repeated attachment raises too
    if not any(arn in holder.managed_policies for holder in holders):
        return None
    message = "Cannot delete a policy attached to entities."
    return refusal(call, "DeleteConflict", message, 409)


def permission(call: Call) -> Response | None:
    """What no policy of the caller allows, where moto asks for another action or for none."""
    principal = call.principal
    if principal is None:
        return None
    for action in _also_needed(call):
        if not _identity_permits(call, action, _resource(call)):
            message = (
                f"User: {principal.arn} is not authorized to perform: {action} on resource: "
                f"{_resource(call)} because no identity-based policy allows the {action} action"
            )
            return refusal(call, "AccessDenied", message)
    return None


def bucket_policy(call: Call) -> Response | None:
    """What the bucket's policy denies; and, to another account, all that it does not allow."""
    bucket, principal = call.target, call.principal
    if bucket is None or principal is None or call.operation == "CreateBucket":
        return None
    action = f"s3:{_S3_ACTIONS.get(call.operation, call.operation)}"
    document = bucket.policy and bucket.policy.decode()
    verdict = document and judge(document, principal, action, _resource(call), {})
    owner_may_mend = call.operation in ("GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy")
    if call.account == call.owner and (verdict != "Deny" or owner_may_mend):
        return None
    return None if verdict == "Allow" else refusal(call, "AccessDenied", "Access Denied")


def encryption_key(call: Call) -> Response | None:
    """An object of a bucket with a KMS key takes a key that is there, and leave to use it."""
    needed = {"PutObject": "kms:GenerateDataKey", "GetObject": "kms:Decrypt"}.get(call.operation)
    bucket, principal = call.target, call.principal
    if not needed or not bucket or not principal or not bucket.encryption:
        return None
    default = bucket.encryption["Rule"]["ApplyServerSideEncryptionByDefault"]
    arn = default.get("KMSMasterKeyID")
    if not arn:
        return None
    key = _kms_key(arn)
    if key is None:
        return refusal(call, "KMS.NotFoundException", f"Key '{arn}' does not exist", 400)
    if key.key_state != "Enabled":
        return refusal(call, "KMS.DisabledException", f"{arn} is disabled.", 400)
    if _identity_permits(call, needed, arn):
        return None
    message = (
        f"User: {principal.arn} is not authorized to perform: {needed} on resource: {arn} "
        f"because no identity-based policy allows the {needed} action"
    )
    return refusal(call, "AccessDenied", message)


def role_trust(call: Call) -> Response | None:
    """A role is taken on only if it exists and its trust policy says so."""
    principal = call.principal
    if call.operation != "AssumeRole" or principal is None:
        return None
    arn = call.form.get("RoleArn", "")
    role = _role(arn)
    facts = {"sts:ExternalId": call.form["ExternalId"]} if "ExternalId" in call.form else {}
    if role and judge(_trust(role), principal, "sts:AssumeRole", "", facts) == "Allow":
        return None
    message = (
        f"User: {principal.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}"
    )
    return refusal(call, "AccessDenied", message)


RULES: tuple[Rule, ...] = (
    unsigned,
    wrong_clock,
    inactive_key,
    user_with_keys,
    attached_policy,
    role_trust,
    permission,
    bucket_policy,
    encryption_key,
)
"""In the order in which AWS would notice."""


def _also_needed(call: Call) -> list[str]:
    """The actions that a call takes besides the one that moto asks for."""
    if call.service == "s3":
        action = _S3_ACTIONS.get(call.operation, call.operation)
        names = {"DeleteObject": f"{action}Version"} if call.versions else {}
        tagged = ["s3:TagResource"] if call.operation == "CreateBucket" and call.tagged else []
        return [f"s3:{names.get(action, action)}", *tagged]
    made = call.operation.removeprefix("Create")
    return [f"iam:Tag{made}"] if call.tagged and made in ("User", "Role", "Policy") else []


def _resource(call: Call) -> str:
    """What a call to S3 is about, as policies name it."""
    if not call.bucket:
        return "*"
    bucket = f"arn:{call.partition}:s3:::{call.bucket}"
    return f"{bucket}/{call.key}" if call.key else bucket


def _identity_permits(call: Call, action: str, resource: str) -> bool:
    token = {"X-Amz-Security-Token": call.session_token} if call.session_token else {}
    key = create_access_key(call.account, call.partition, call.access_key, token)
    results = {
        IAMPolicy(policy).is_action_permitted(action, resource) for policy in key.collect_policies()
    }
    return PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results


def _kms_key(arn: str) -> Key | None:
    parts = arn.split(":")
    if len(parts) != 6:
        return None
    key = kms_backends[parts[4]][parts[3]].keys.get(parts[5].removeprefix("key/"))
    return key if isinstance(key, Key) else None


def _role(arn: str) -> Role | None:
    parts = arn.split(":")
    if len(parts) != 6:
        return None
    try:
        return iam_backends[parts[4]][parts[1]].get_role_by_arn(arn)
    except NotFoundException:
        return None


def _trust(role: Role) -> str:
    return str(role.assume_role_policy_document)
