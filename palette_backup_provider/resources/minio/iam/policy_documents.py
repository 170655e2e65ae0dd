"""Policy documents in MinIO's dialect: what Palette's guide asks for, without EC2.

Pure functions.
"""

from typing import Annotated, Any

from palette_backup_provider.core.literal import LITERAL
from palette_backup_provider.core.model import matches
from palette_backup_provider.core.policy_language import (
    ACCOUNTS,
    ARN,
    OBJECT_ACTIONS,
    VERSION,
    Json,
    allow,
)
from palette_backup_provider.engine.function import checked

BucketName = Annotated[
    str, LITERAL, matches("[A-Za-z0-9._-]{1,255}", "the name of one bucket is needed")
]
BUCKET_ACTIONS = ("s3:ListBucket", "s3:GetBucketLocation")
"""S3 clients ask for the location of a bucket before they use it."""


@checked
def access_policy(bucket: BucketName) -> Json:
    """What Palette's credential may do: the S3 half of the guide's policy, on that one bucket."""
    arn = f"{ARN}{bucket}"
    return {
        "Version": VERSION,
        "Statement": [
            allow(OBJECT_ACTIONS, [f"{arn}/*"]),
            allow(BUCKET_ACTIONS, [arn]),
        ],
    }


def closed(policy: Json) -> Json:
    """A bucket's policy without the statements that give something to everyone."""
    return {
        **policy,
        "Statement": [statement for statement in policy["Statement"] if not _open(statement)],
    }


def _open(statement: Json) -> bool:
    """Whether it allows requests without a credential. MinIO takes patterns for names, and these
    match an empty name."""
    principal = statement.get("Principal")
    named = principal.get(ACCOUNTS) if isinstance(principal, dict) else principal
    names = named if isinstance(named, list) else [named]
    return statement["Effect"] == "Allow" and any(str(n).startswith(("*", "?")) for n in names)


def same(one: Any, other: Any) -> bool:
    """Whether two documents mean the same: MinIO reorders lists and unwraps lists of one
    element."""
    return bool(_normal(one) == _normal(other))


def _normal(value: Any, key: str = "") -> Any:
    if isinstance(value, dict) and key != "Statement":
        return {name: _normal(part, name) for name, part in value.items()}
    values = value if isinstance(value, list) else [value]
    if any(isinstance(part, dict) for part in values):
        return [_normal(part) for part in values]
    return sorted(map(str, values))
