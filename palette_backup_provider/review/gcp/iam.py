"""Allow policies: which member has which role on what, under which condition."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from palette_backup_provider.review.preview import Props
from palette_backup_provider.review.rules import Rules
from palette_backup_provider.review.unknown import is_unknown
from palette_backup_provider.review.wording import name, shown

PUBLIC = ("allUsers", "allAuthenticatedUsers")
ALL_OF_A_PROJECT = ("roles/owner", "roles/editor")
_FOLDED = ("user", "group", "domain")
"""Members whose addresses are the same in upper and lower case."""
_ON = ("bucket", "project", "folder", "orgId", "serviceAccountId", "cryptoKeyId", "managedFolder")


class Grant(NamedTuple):
    """A role or a permission that a member has."""

    on: str
    what: str
    member: str
    condition: str
    """Empty without one."""


Read = Callable[[Props], Iterable[Grant]]


def wider(old: Iterable[Grant], new: Iterable[Grant]) -> Iterator[str]:
    """What the second grants and the first do not, in sentences."""
    earlier = set(old)
    for grant in dict.fromkeys(new):
        if is_unknown([*grant]):
            yield f"may widen: {_describe(grant)}"
        elif grant not in earlier and grant._replace(condition="") not in earlier:
            before = {other for other in earlier if other[:3] == grant[:3]}
            change = "under another condition" if before and grant.condition else "is new"
            change = "without its condition" if before and not grant.condition else change
            yield f"{_describe(grant)} {change}"


def bindings(value: Any, on: str = "") -> Iterator[Grant]:
    """What an allow policy grants, given as its JSON text or as its list of bindings."""
    if isinstance(value, str):
        try:
            value = json.loads(value).get("bindings", [])
        except (ValueError, AttributeError):
            value = [{"role": value, "members": [value]}]  # not known yet, or nothing to compare
    for binding in value or []:
        for member in binding.get("members") or []:
            yield Grant(on, _text(binding.get("role")), _member(member), _condition(binding))


def _role_on_bucket(props: Props) -> Iterator[Grant]:
    if props:
        yield Grant(
            _text(props.get("bucket")), _text(props.get("role")), _member(props.get("member")), ""
        )


def _permissions(props: Props) -> Iterator[Grant]:
    for permission in props.get("permissions") or []:
        yield Grant("the project", _text(permission), _member(props.get("member")), "")


def _their_role(props: Props) -> Iterator[Grant]:
    for permission in props.get("permissions") or []:
        yield Grant("", _text(permission), "whoever has the role", "")


def _one_binding(props: Props) -> Iterator[Grant]:
    on = next((_text(props[key]) for key in _ON if key in props), "")
    members = (
        props.get("members") or [props["member"]] if "member" in props else props.get("members")
    )
    yield from bindings([{**props, "members": members}], on) if members else ()


def _whole_policy(props: Props) -> Iterator[Grant]:
    on = next((_text(props[key]) for key in _ON if key in props), "")
    yield from bindings(props.get("policyData"), on)


def _rules(read: Read) -> Rules:
    def everything(props: Props) -> Iterator[str]:
        for grant in read(props):
            if grant.member in PUBLIC or grant.what in ALL_OF_A_PROJECT:
                yield f"grants {_describe(grant)}"

    return Rules(widens=lambda old, new: wider(read(old), read(new)), everything=everything)


def _describe(grant: Grant) -> str:
    on = f" on {name(grant.on)}" if grant.on else ""
    return f"{name(grant.what)}{on} for {name(grant.member)}"


def _text(value: Any) -> str:
    """As it is, so that what is not known yet can be told."""
    return value if isinstance(value, str) else shown(value)


def _member(value: Any) -> str:
    kind, mark, address = _text(value).partition(":")
    return f"{kind}{mark}{address.lower() if kind in _FOLDED else address}"


def _condition(binding: Mapping[str, Any]) -> str:
    condition = binding.get("condition")
    return shown(condition) if condition else ""


_MEMBERS, _POLICY = _rules(_one_binding), _rules(_whole_policy)
_ANYWHERE = {
    f"gcp:{module}:{prefix}IAM{kind}": rules
    for module, prefix in (
        ("storage", "Bucket"),
        ("storage", "ManagedFolder"),
        ("projects", ""),
        ("folder", ""),
        ("organizations", ""),
        ("serviceaccount", ""),
        ("kms", "CryptoKey"),
    )
    for kind, rules in (("Member", _MEMBERS), ("Binding", _MEMBERS), ("Policy", _POLICY))
}
RULES = {
    "gcp:BucketAccess": _rules(_role_on_bucket),
    "gcp:ServiceAccountKey": Rules(credential="key"),
    "gcp:SnapshotAccess": _rules(_permissions),
    **_ANYWHERE,
    "gcp:projects:IAMCustomRole": _rules(_their_role),
    "gcp:serviceaccount:Key": Rules(credential="key"),
}
