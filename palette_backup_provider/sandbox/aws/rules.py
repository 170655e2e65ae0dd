"""What AWS refuses and moto lets pass, one function a rule.

A rule looks at a call before moto does, and answers with AWS's refusal or with None.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.loaders import create_loader
from moto.iam.exceptions import NotFoundException
from moto.iam.models import Role, iam_backends
from werkzeug.wrappers import Response

from palette_backup_provider.sandbox.aws.actions import actions, resource, s3_action, s3_resource
from palette_backup_provider.sandbox.aws.call import Call
from palette_backup_provider.sandbox.aws.encryption import encryption_key
from palette_backup_provider.sandbox.aws.identity import Decision, decide, permits
from palette_backup_provider.sandbox.aws.refusals import refusal, unknown_key
from palette_backup_provider.sandbox.aws.resource_policy import Principal, evaluate

Rule = Callable[[Call], Response | None]

_REGIONS = {
    region
    for partition in create_loader().load_data("partitions")["partitions"]
    for region in partition["regions"]
}
"""Every region that there is."""
_STAMP = "%Y%m%dT%H%M%S"
_TIMELY = timedelta(minutes=5)


def unsigned(call: Call) -> Response | None:
    """Nothing here is public."""
    signed = call.access_key or call.operation == "AssumeRoleWithWebIdentity"
    return None if signed else refusal(call, "AccessDenied", "Access Denied")


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
    words = "expired: {} is now earlier" if late else "not yet current: {} is still later"
    message = f"Signature {words.format(call.signed_at)} than {edge:{_STAMP}}Z"
    return refusal(call, "SignatureDoesNotMatch", message)


def no_region(call: Call) -> Response | None:
    """Signatures are for regions that there are."""
    if call.region in _REGIONS or not call.access_key:
        return None
    if call.service == "s3":
        message = (
            f"The authorization header is malformed; the region '{call.region}' is wrong; "
            "expecting 'us-east-1'"
        )
        return refusal(call, "AuthorizationHeaderMalformed", message, 400)
    message = "Credential should be scoped to a valid region."
    return refusal(call, "SignatureDoesNotMatch", message)


def inactive_key(call: Call) -> Response | None:
    """A key that was switched off gives no access."""
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
    """What the caller's policies do not allow on S3 and in IAM."""
    principal = call.principal
    if call.service not in ("iam", "s3") or principal is None:
        return None
    about = resource(call)
    for action in actions(call):
        decision = decide(call.iam, principal, action, about)
        if decision != "allowed":
            return refusal(call, "AccessDenied", _denied(principal, action, about, decision))
    return None


def _denied(principal: Principal, action: str, about: str, decision: Decision) -> str:
    why = f"because no identity-based policy allows the {action} action"
    if decision == "explicitDeny":
        why = "with an explicit deny in an identity-based policy"
    return (
        f"User: {principal.arn} is not authorized to perform: {action} on resource: {about} {why}"
    )


def bucket_policy(call: Call) -> Response | None:
    """What the bucket's policy denies; and, to another account, all that it does not allow."""
    bucket, principal = call.target, call.principal
    if bucket is None or principal is None or call.operation == "CreateBucket":
        return None
    action = s3_action(call.operation)
    document = bucket.policy and bucket.policy.decode()
    verdict = document and evaluate(document, principal, action, s3_resource(call), {})
    owner_may_mend = call.operation in ("GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy")
    if call.account == call.owner and (verdict != "Deny" or owner_may_mend):
        return None
    if verdict == "Allow":
        return None
    message = "Access Denied"  # all that another account is told
    if call.account == call.owner:
        message = (
            f"User: {principal.arn} is not authorized to perform: {action} on resource: "
            f'"{s3_resource(call)}" with an explicit deny in a resource-based policy'
        )
    return refusal(call, "AccessDenied", message)


def missing_key(call: Call) -> Response | None:
    """Whether an object is there is told to who may list the bucket alone."""
    principal = call.principal
    if principal is None or call.operation not in ("GetObject", "HeadObject"):
        return None
    bucket = f"arn:{call.partition}:s3:::{call.bucket}"
    document = call.target and call.target.policy and call.target.policy.decode()
    verdict = document and evaluate(document, principal, "s3:ListBucket", bucket, {})
    allowed = permits(call, "s3:ListBucket", bucket) or verdict == "Allow"
    if call.account != call.owner:
        allowed = allowed and verdict == "Allow"
    if allowed and verdict != "Deny":
        return None
    message = (
        f"User: {principal.arn} is not authorized to perform: s3:ListBucket on resource: "
        f'"{bucket}" because no identity-based policy allows the s3:ListBucket action'
    )
    return refusal(call, "AccessDenied", message)


def role_trust(call: Call) -> Response | None:
    """A role is taken on only if it exists and its trust policy says so."""
    principal = call.principal
    if call.operation != "AssumeRole" or principal is None:
        return None
    arn = call.form.get("RoleArn", "")
    role = role_of(arn)
    facts = {"sts:ExternalId": call.form["ExternalId"]} if "ExternalId" in call.form else {}
    if role and evaluate(trust_of(role), principal, "sts:AssumeRole", "", facts) == "Allow":
        return None
    message = (
        f"User: {principal.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}"
    )
    return refusal(call, "AccessDenied", message)


RULES: tuple[Rule, ...] = (
    unsigned,
    wrong_clock,
    no_region,
    inactive_key,
    permission,
    user_with_keys,
    attached_policy,
    role_trust,
    bucket_policy,
    encryption_key,
)
"""In the order in which AWS would notice."""


def role_of(arn: str) -> Role | None:
    """The role of that ARN, in whatever account."""
    parts = arn.split(":")
    if len(parts) != 6:
        return None
    try:
        return iam_backends[parts[4]][parts[1]].get_role_by_arn(arn)
    except NotFoundException:
        return None


def trust_of(role: Role) -> str:
    """The policy that says who may take it on."""
    return str(role.assume_role_policy_document)
