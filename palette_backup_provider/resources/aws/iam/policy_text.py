"""A policy document as AWS takes it, and as AWS shows it again."""

import json
import re
from typing import Any

from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.policy_language import Json

UNIQUE_ID = re.compile("A(?:ID|RO)A[A-Z0-9]{12,}")
"""The id of a user or role. A new user or role of the same name gets another id."""


def text(document: Json) -> str:
    """`document` as AWS takes it."""
    return json.dumps(_whole_numbers(document))


def same(one: Any, other: Any) -> bool:
    """Whether two documents, or parts of them, mean the same.

    AWS reorders lists, unwraps lists of one element, and writes an account as its root.
    """
    return bool(_normal(one) == _normal(other))


def orphans(policy: str, statements: Any) -> str:
    """A warning of a policy that names deleted users or roles; empty if it names none."""
    all_statements = statements if isinstance(statements, list) else [statements]
    ids = sorted(
        set(
            UNIQUE_ID.findall(
                json.dumps([statement.get("Principal") for statement in all_statements])
            )
        )
    )
    if not ids:
        return ""
    return (
        f"{policy} names {', '.join(ids)}: AWS shows that id since the user or role that was named "
        "was deleted. One made anew under the same name is another to AWS, and is let in once "
        "`pulumi up` names it again"
    )


def names_nobody(error: BaseException) -> bool:
    """Whether AWS refused a document because it does not know a user or role in it, perhaps not
    yet."""
    return isinstance(error, ApiError) and "Invalid principal in policy" in str(error)


def _whole_numbers(value: Any) -> Any:
    """Pulumi hands over numbers as floats; a policy has only integers."""
    match value:
        case dict():
            return {k: _whole_numbers(v) for k, v in value.items()}
        case list():
            return [_whole_numbers(v) for v in value]
        case float() if value.is_integer():
            return int(value)
    return value


def _normal(value: Any, key: str = "") -> Any:
    if isinstance(value, dict) and key != "Statement":
        inner = {name: _normal(part, name) for name, part in value.items()}
        return ["*"] if key == "Principal" and inner == {"AWS": ["*"]} else inner
    values = value if isinstance(value, list) else [value]
    if any(isinstance(part, dict) for part in values):
        return [_normal(part) for part in values]
    return sorted(map(_scalar, values))


def _scalar(value: Any) -> str:
    plain = _whole_numbers(value)
    words = str(plain).lower() if isinstance(plain, bool) else str(plain)
    return re.sub(r"^arn:[\w-]+:iam::(\d{12}):root$", r"\1", words)
