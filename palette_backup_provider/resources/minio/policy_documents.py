"""Policy documents in MinIO's dialect: what Palette's guide asks for, without EC2.

Pure functions.
"""

from typing import Any

Json = dict[str, Any]

VERSION = "2012-10-17"
OBJECT_ACTIONS = (
    "s3:GetObject",
    "s3:DeleteObject",
    "s3:PutObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
)
BUCKET_ACTIONS = ("s3:ListBucket", "s3:GetBucketLocation")
"""S3's own clients ask for the location of a bucket before they use it."""


def access_policy(bucket: str) -> Json:
    """What Palette's credential may do: the S3 half of the guide's policy."""
    arn = f"arn:aws:s3:::{bucket}"
    return {
        "Version": VERSION,
        "Statement": [
            {"Effect": "Allow", "Action": list(OBJECT_ACTIONS), "Resource": [f"{arn}/*"]},
            {"Effect": "Allow", "Action": list(BUCKET_ACTIONS), "Resource": [arn]},
        ],
    }


def closed(policy: Json) -> Json:
    """A bucket's policy without the statements that give something to everyone."""
    return {**policy, "Statement": [one for one in policy["Statement"] if not _open(one)]}


def _open(statement: Json) -> bool:
    """Whether it is for those without a credential: MinIO takes patterns for names, of which these
    match a name that is empty."""
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    names = named if isinstance(named, list) else [named]
    return statement["Effect"] == "Allow" and any(str(n).startswith(("*", "?")) for n in names)


def same(one: Any, other: Any) -> bool:
    """Whether two documents mean the same: MinIO keeps neither the order of a list nor a list of
    one."""
    return bool(_normal(one) == _normal(other))


def _normal(value: Any, key: str = "") -> Any:
    if isinstance(value, dict) and key != "Statement":
        return {name: _normal(part, name) for name, part in value.items()}
    values = value if isinstance(value, list) else [value]
    if any(isinstance(part, dict) for part in values):
        return [_normal(part) for part in values]
    return sorted(map(str, values))
