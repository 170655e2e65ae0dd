"""What a bucket's policy, in the language of S3, refuses of what Velero sends.

Only what is certain is told: a statement that denies everyone, under conditions that hold for
Velero's requests whoever sends them, and wherever from.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from palette_backup_provider.core.policy_language import ACCOUNTS, SECURE_TRANSPORT
from palette_backup_provider.core.velero import FOLDERS, refuses

OBJECTS = ("s3:PutObject", "s3:GetObject", "s3:DeleteObject")
ABSENT = re.compile(
    "s3:x-amz-(server-side-encryption.*|acl|grant-.*|storage-class|object-ownership)"
    "|s3:(RequestObjectTag/.*|object-lock-.*)",
    re.IGNORECASE,
)
"""Keys of headers that Velero, as Palette sets it up, never sends."""


def harms(what: str, document: Mapping[str, Any], arn: str) -> Iterator[str]:
    """What is wrong with the policy of `what`, the bucket `arn`, in sentences."""
    for why in dict.fromkeys(why for _, why in refused(document, arn)):
        yield refuses(what, "the policy", why, "Its owner has to take that out.")


def refused(document: Mapping[str, Any], arn: str) -> Iterator[tuple[str, str]]:
    """Each action of Velero's that the policy of the bucket `arn` denies to everyone, and why."""
    for statement in _list(document.get("Statement")):
        if not isinstance(statement, Mapping) or statement.get("Effect") != "Deny":
            continue
        if not _of_everyone(statement) or not (why := _certain(statement.get("Condition"))):
            continue
        sid = statement.get("Sid")
        named = f"the statement {sid!r}" if sid else "a statement"
        for action, resources in _asked(arn):
            if _covers(statement, "Action", [action]) and _covers(statement, "Resource", resources):
                yield action, f"{named} denies {action} {why}"


def _asked(arn: str) -> Iterator[tuple[str, list[str]]]:
    yield from ((action, [f"{arn}/{folder}x" for folder in FOLDERS]) for action in OBJECTS)
    yield "s3:ListBucket", [arn]


def _of_everyone(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    named = principal.get(ACCOUNTS) if isinstance(principal, Mapping) else principal
    return "*" in _list(named)


def _certain(conditions: Any) -> str:
    """Why every condition holds for what Velero sends; empty if one may not."""
    tests = [
        (operator, key, _list(values))
        for operator, keys in (conditions or {}).items()
        for key, values in keys.items()
    ]
    if not all(_holds(*test) for test in tests):
        return ""
    keys = ", ".join(key for _, key, _ in tests)
    return f"unless the request has the headers of {keys}" if keys else "to everyone"


def _holds(operator: str, key: str, values: list[Any]) -> bool:
    if key.lower() == SECURE_TRANSPORT:
        return operator.startswith("Bool") and [str(value).lower() for value in values] == ["true"]
    if not ABSENT.fullmatch(key):
        return False
    if operator == "Null":
        return [str(value).lower() for value in values] == ["true"]
    # a negated test of a key that is absent holds
    return "Not" in operator and not operator.startswith("ForAnyValue:")


def _covers(statement: Mapping[str, Any], element: str, values: list[str]) -> bool:
    """Whether one of `values` is among what the statement is about."""
    if element in statement:
        return any(_like(each, value) for each in _list(statement[element]) for value in values)
    others = _list(statement.get(f"Not{element}"))
    return any(not any(_like(each, value) for each in others) for value in values)


def _like(pattern: Any, value: str) -> bool:
    expression = re.escape(str(pattern)).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, value, re.DOTALL | re.IGNORECASE) is not None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
