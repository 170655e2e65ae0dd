"""What the policies of a user, a group or a role allow: its own, and those of a user's groups.

One function decides what a caller may do, and what IAM says that somebody may do.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from moto.iam.models import IAMBackend

from palette_backup_provider.sandbox.aws.call import Call
from palette_backup_provider.sandbox.aws.resource_policy import Principal, evaluate_identity

Decision = Literal["allowed", "explicitDeny", "implicitDeny"]
"""AWS's words."""


def permits(call: Call, action: str, resource: str, facts: Mapping[str, str] | None = None) -> bool:
    """Whether the caller's policies allow an action, and none denies it."""
    principal = call.principal
    return principal is not None and decide(call.iam, principal, action, resource, facts) == (
        "allowed"
    )


def decide(
    iam: IAMBackend,
    who: Principal,
    action: str,
    resource: str,
    facts: Mapping[str, str] | None = None,
) -> Decision:
    """What the policies of `who` say of an action; `facts` are as for `evaluate`."""
    verdicts = {
        evaluate_identity(document, who, action, resource, facts or {})
        for document in documents(iam, who.arn)
    }
    if "Deny" in verdicts:
        return "explicitDeny"
    return "allowed" if "Allow" in verdicts else "implicitDeny"


def documents(iam: IAMBackend, arn: str) -> Iterator[str]:
    """All policies that count for an identity."""
    for holder in holders(iam, arn):
        yield from holder.policies.values()
        for policy in holder.managed_policies.values():
            yield next(str(version.document) for version in policy.versions if version.is_default)


def holders(iam: IAMBackend, arn: str) -> Iterator[Any]:
    """Those whose policies count: a user, then its groups; a role; or a group."""
    kind, *names = arn.split(":", 5)[5].split("/")
    if kind == "user":
        yield iam.get_user(names[-1])
        yield from iam.get_groups_for_user(names[-1])
    elif kind == "group":
        yield iam.get_group(names[-1])
    else:  # role/path/name, or assumed-role/name/session
        yield iam.get_role(names[0] if kind == "assumed-role" else names[-1])
