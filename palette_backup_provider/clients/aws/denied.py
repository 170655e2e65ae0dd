"""What AWS says about a refusal: whose policy caused it, and so whether waiting can help.

AWS names the kind of policy if the caller and the object are in one account or organisation. For
another's bucket AWS says no more than "Access Denied".
"""

import re

from palette_backup_provider.clients.aws.errors import REFUSED
from palette_backup_provider.core.errors import ApiError

DENIED = re.compile(r"with an explicit deny in an? ((?:[\w-]+ )+policy|permissions boundary)", re.I)
MISSING = re.compile(r"because no ((?:[\w-]+ )+policy|permissions boundary) allows the ([\w:]+)")
USUAL = 0.25
"""Share of a wait after which IAM has told all its servers of a policy, as a rule."""
SURE = 0.05
"""The same where another call of the same key was let through: one policy allows them all."""
FIRST = "s3:PutObject"
"""What is tried first: a refusal of any other action means that this one was allowed."""
BUCKET = (
    "The bucket's own policy decides (`aws s3api get-bucket-policy`). Have its owner change it: "
    "Velero sends no headers for encryption, ACLs or storage classes, so a policy that demands one "
    "refuses every backup."
)
ADVICE = {
    "resource-based policy": BUCKET,
    "identity-based policy": "A policy of the user or role denies it. Take that statement out.",
    "permissions boundary": "The permissions boundary of the user or role has to allow it too.",
    "service control policy": (
        "The organisation forbids it to the account of the user or role. Have it allowed there."
    ),
    "resource control policy": (
        "The organisation forbids it on the account that has the bucket. Have it allowed there."
    ),
    "vpc endpoint policy": (
        "The policy of the VPC endpoint that this machine goes through forbids it. Change it."
    ),
    "session policy": (
        "The session that was opened with these credentials is limited. Open another session."
    ),
}
"""What to do, by the kind of policy that AWS names."""
GRANT = "Give the user or role all that `policy_document` (`aws.access_policy`) says."
BUCKET_SIDE = "Its owner has to add `bucket_policy_statements` to the bucket's policy."


def is_denied(error: ApiError) -> bool:
    """Whether AWS knows the credential and refuses it; Palette quotes AWS's code in its text."""
    return error.code in REFUSED or any(code in str(error) for code in REFUSED)


def lasts(error: ApiError) -> float:
    """For which share of a wait for a fresh credential such a refusal may last."""
    if DENIED.search(str(error)):
        return 0
    if missing := MISSING.search(str(error)):
        return USUAL if missing[2] == FIRST else SURE
    return USUAL


def with_advice(error: ApiError) -> ApiError:
    """`error`, and what to do about the policy that decides."""
    if not is_denied(error):
        return error
    text = str(error)
    if denied := DENIED.search(text):
        advice = ADVICE.get(denied[1].lower(), "")
    elif missing := MISSING.search(text):
        ways = {"identity-based policy": GRANT, "resource-based policy": BUCKET_SIDE}
        advice = ways.get(missing[1].lower()) or ADVICE.get(missing[1].lower(), GRANT)
    else:
        advice = f"Either the user or role may not. {GRANT} Or: {BUCKET}"
    return ApiError(f"{text} {advice}".rstrip(), status=error.status, code=error.code)
