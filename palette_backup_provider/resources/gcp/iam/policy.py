"""Allow policies, which are read and written as a whole.

Only one binding is ours. All other bindings stay, with their conditions. If somebody else changes
the policy between our read and our write, it is read again. Addresses are compared whatever their
case, as Google keeps them in lower case.
"""

from collections.abc import Callable
from typing import Any

from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.retry import Patience

VERSION = 3
"""The version that can hold conditions; a policy read as an older one loses them."""
ADDRESSES = {"user", "group", "serviceAccount", "domain"}
"""Kinds of members whose case means nothing; that of a `principal:` does."""

Policy = dict[str, Any]


def members(policy: Policy, role: str) -> list[str]:
    """The members to whom the policy grants the role without a condition."""
    return [member for binding in _of(policy, role) for member in binding["members"]]


def granted(policy: Policy, role: str, member: str) -> bool:
    """Whether the policy grants the role to the member, on no condition."""
    return any(folded(other) == folded(member) for other in members(policy, role))


def grant(policy: Policy, role: str, member: str) -> Policy:
    """The policy with that binding."""
    if granted(policy, role, member):
        return policy
    bindings = policy.get("bindings", [])
    unconditional = _of(policy, role)
    if unconditional:
        members = [*unconditional[0]["members"], member]
        bindings = [{**b, "members": members} if b is unconditional[0] else b for b in bindings]
    else:
        bindings = [*bindings, {"role": role, "members": [member]}]
    return {**policy, "bindings": bindings, "version": VERSION}


def revoke(policy: Policy, role: str, member: str) -> Policy:
    """The policy without that binding."""
    unconditional = _of(policy, role)
    bindings = []
    for binding in policy.get("bindings", []):
        members = [
            m
            for m in binding["members"]
            if folded(m) != folded(member) or binding not in unconditional
        ]
        if members:
            bindings.append({**binding, "members": members})
    return {**policy, "bindings": bindings, "version": VERSION}


def folded(member: str) -> str:
    """One spelling for all of one member."""
    kind, _, address = member.partition(":")
    return f"{kind}:{address.lower()}" if kind in ADDRESSES else member


def change(
    read: Callable[[], Policy],
    write: Callable[[Policy], object],
    edit: Callable[[Policy], Policy],
    patience: Patience,
    doing: str,
) -> None:
    """Read, edit and write a policy, until the write meets no other change and Google knows the
    members."""

    def attempt() -> None:
        policy = read()
        changed = edit(policy)
        if changed.get("bindings", []) != policy.get("bindings", []):
            write(changed)

    patience.until(attempt, _may_pass, doing)


def _of(policy: Policy, role: str) -> list[dict[str, Any]]:
    """The bindings of the role that hold on no condition; there is one at most, as a rule."""
    bindings = policy.get("bindings", [])
    return [b for b in bindings if b["role"] == role and not b.get("condition")]


def _may_pass(error: BaseException) -> bool:
    if not isinstance(error, ApiError):
        return False
    unknown = error.status == 400 and "does not exist" in str(error)  # a member made a moment ago
    return unknown or error.status in (409, 412)
