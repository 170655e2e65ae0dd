"""Roles: what they allow, who has them, and where."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from palette_backup_provider.core.text import camel
from palette_backup_provider.review.policies.patterns import ANY, Pattern, apart, parsed, within
from palette_backup_provider.review.preview import Props
from palette_backup_provider.review.rules import Rules
from palette_backup_provider.review.unknown import is_unknown
from palette_backup_provider.review.wording import name, names, shown

OWNERS = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
}
"""Roles that reach everything in a scope, or can give themselves what does."""
_SETS = (("actions", "notActions"), ("dataActions", "notDataActions"))


class Assignment(NamedTuple):
    """A role that a principal has at a scope and below."""

    scope: str
    role: str
    principal: str
    condition: str
    """Empty if there is no condition."""

    def within(self, other: "Assignment") -> bool:
        """Whether `other` gives all that this assignment gives."""
        same = (self.role, self.principal) == (other.role, other.principal)
        below = f"{self.scope}/".startswith(f"{other.scope.rstrip('/')}/")
        return same and below and other.condition in ("", self.condition)


def assignment(props: Props) -> Assignment | None:
    """What a role assignment gives, of ours or of `azure-native`; None for `{}`."""
    if not props:
        return None
    role = props.get("roleDefinitionId") or props.get("role_definition_id") or props.get("role")
    principal = props.get("principalId") or props.get("principal_id")
    return Assignment(
        shown(props.get("scope")).lower(),
        shown(role).rpartition("/")[2].lower(),
        shown(principal).lower(),
        shown(props.get("condition") or ""),
    )


def assigned_more(old: Props, new: Props) -> Iterator[str]:
    """What the second assignment gives and the first does not, in sentences."""
    had, has = assignment(old), assignment(new)
    if has is None:
        return
    assigned = f"{name(_role(new))} at {name(shown(new.get('scope')))} for {name(has.principal)}"
    if is_unknown(dict(new)):
        yield f"may widen: {assigned}"
    elif had is None or not has.within(had):
        yield f"{assigned} is new" if had is None else f"{assigned} is another than before"


def wider_role(old: Props, new: Props) -> Iterator[str]:
    """What the second definition of a role allows and the first does not, in sentences."""
    before, after = _blocks(old), _blocks(new)
    if after is None or (before is None and old != new):
        yield "may widen: its permissions are not known yet"
        return
    without = [_patterns(block, no) for block in before or [] for _, no in _SETS]
    excluded = [pattern for patterns in without for pattern in patterns]
    for block in after:
        for yes, no in _SETS:
            own = _patterns(block, no)
            for text in block.get(yes) or []:
                pattern = _pattern(text)
                held = any(within(pattern, p) for b in before or [] for p in _patterns(b, yes))
                if not held:
                    yield f"{name(text)} is new"
                elif not all(_left_out(pattern, x, own) for x in excluded):
                    yield f"{name(text)} without what it left out"
    for scope in _scopes(new):
        if not any(f"{scope}/".startswith(f"{old_scope}/") for old_scope in _scopes(old)):
            yield f"it can be given at {name(scope)}"


def _left_out(pattern: Pattern, excluded: Pattern, own: Sequence[Pattern]) -> bool:
    return apart(pattern, excluded) or any(within(excluded, one) for one in own)


def _blocks(props: Props) -> list[Mapping[str, Any]] | None:
    """The permissions of a role; None where they are not known."""
    permissions = props.get("permissions") or []
    if not isinstance(permissions, list) or not all(
        isinstance(permission, Mapping) for permission in permissions
    ):
        return None
    return (
        None
        if is_unknown(permissions)
        else [{camel(k): v for k, v in permission.items()} for permission in permissions]
    )


def _patterns(block: Mapping[str, Any], which: str) -> list[Pattern]:
    return [_pattern(text) for text in block.get(which) or []]


def _pattern(text: Any) -> Pattern:
    return parsed(shown(text).replace("?", "\ue000"), variables=False, fold=True)


def _scopes(props: Props) -> list[str]:
    scopes = props.get("assignable_scopes") or props.get("assignableScopes") or []
    return [shown(scope).lower().rstrip("/") for scope in scopes]


def _role(props: Props) -> str:
    assigned = assignment(props)
    id = assigned.role if assigned else ""
    return OWNERS.get(id) or shown(props.get("role") or props.get("roleDefinitionId"))


def _owns(props: Props) -> Iterator[str]:
    assigned = assignment(props)
    if assigned and (assigned.role in OWNERS or _role(props) in OWNERS.values()):
        yield f"gives {name(_role(props))} at {name(props.get('scope'))}"


def _allows_all(props: Props) -> Iterator[str]:
    for block in _blocks(props) or []:
        for yes, _ in _SETS:
            if any(within((ANY,), pattern) for pattern in _patterns(block, yes)):
                yield f"allows all {names([yes])}"


_ASSIGNMENT = Rules(widens=assigned_more, everything=_owns)
_DEFINITION = Rules(widens=wider_role, everything=_allows_all)
RULES = {
    "azure:ClientSecret": Rules(credential="client secret"),
    "azure:RoleAssignment": _ASSIGNMENT,
    "azure:SnapshotRole": _DEFINITION,
    "azure-native:authorization:RoleAssignment": _ASSIGNMENT,
    "azure-native:authorization:RoleDefinition": _DEFINITION,
    "azuread:index:ApplicationPassword": Rules(credential="client secret"),
}
