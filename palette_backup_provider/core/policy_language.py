"""The language of AWS's policies, which every store that speaks S3 understands."""

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
ARN = "arn:aws:s3:::"
"""What the name of a bucket, or bucket/key, is put behind."""
ACCOUNTS = "AWS"
"""The kind of principals that users, roles and everyone are of."""
SECURE_TRANSPORT = "aws:securetransport"
"""The key of a condition that a request comes over TLS, in lower case."""


def allow(actions: tuple[str, ...], resource: str | list[str], **more: Any) -> Json:
    """The statement that allows `actions` on `resource`."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}
