"""How policies grant access to a bucket, wherever they are understood."""

from typing import Any

from palette_backup_provider.core.policy_language import ARN, VERSION, allow

EVERYTHING: dict[str, Any] = {"document": {"Version": VERSION, "Statement": [allow(("*",), "*")]}}
"""Inputs that grant too much."""


def on(bucket: str) -> dict[str, Any]:
    """Inputs that grant something on one bucket."""
    statement = allow(("s3:GetObject",), f"{ARN}{bucket}/*")
    return {"document": {"Version": VERSION, "Statement": [statement]}}
