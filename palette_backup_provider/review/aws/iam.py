"""Identities, keys, and what policies allow them."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from palette_backup_provider.review.policies.rules import attached, documents
from palette_backup_provider.review.preview import Props
from palette_backup_provider.review.rules import Rules
from palette_backup_provider.review.wording import name

_PROOF = f"To prove that it is no wider, run {name('aws accessanalyzer check-no-new-access')}."
policy = partial(documents, proof=_PROOF)
"""The rules of a type with policies of AWS."""
_PRINCIPAL = attached("policies", limit="permissions_boundary")
_TRUST = policy("trust_policy")
_THEIR_TRUST = policy("assumeRolePolicy")
_THEIR_ROLE = attached("managedPolicyArns", limit="permissionsBoundary")


def _role(old: Props, new: Props) -> Iterator[str]:
    yield from _TRUST.widens(old, new)
    yield from _PRINCIPAL.widens(old, new)


def _their_role(old: Props, new: Props) -> Iterator[str]:
    yield from _THEIR_TRUST.widens(old, new)
    yield from _THEIR_ROLE.widens(old, new)
    inline = policy("policy")
    for number, each in enumerate(new.get("inlinePolicies") or []):
        before = (old.get("inlinePolicies") or [])[number : number + 1]
        yield from inline.widens(before[0] if before else {}, each)


RULES = {
    "aws:AccessKey": Rules(credential="access key"),
    "aws:Policy": policy("document"),
    "aws:Role": replace(_TRUST, widens=_role),
    "aws:User": _PRINCIPAL,
    "aws:iam:AccessKey": Rules(credential="access key"),
    "aws:iam:GroupPolicy": policy("policy"),
    "aws:iam:GroupPolicyAttachment": attached("policyArn"),
    "aws:iam:Policy": policy("policy"),
    "aws:iam:PolicyAttachment": attached("policyArn"),
    "aws:iam:Role": replace(_THEIR_TRUST, widens=_their_role),
    "aws:iam:RolePolicy": policy("policy"),
    "aws:iam:RolePolicyAttachment": attached("policyArn"),
    "aws:iam:User": attached(limit="permissionsBoundary"),
    "aws:iam:UserPolicy": policy("policy"),
    "aws:iam:UserPolicyAttachment": attached("policyArn"),
    "aws:kms:Key": policy("policy"),
    "aws:kms:KeyPolicy": policy("policy"),
}
