"""The language of policies that AWS and MinIO have in common."""

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
"""The actions on objects that Palette's guide asks for."""


def allow(actions: tuple[str, ...], resource: str | list[str], **more: Any) -> Json:
    """The statement that allows `actions` on `resource`."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}
