"""What weakens the protection of backups on AWS, and what holds them."""

from typing import Any

from tests.unit.review.sample import UNKNOWN

HOLDS_BACKUPS = ("aws:Bucket",)
WEAKER: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {
    "aws:Bucket": [
        ({"versioning": True}, {}),
        ({"object_lock": {"days": 9}}, {"object_lock": {"days": 8}}),
        (
            {"object_lock": {"days": 9, "mode": "COMPLIANCE"}},
            {"object_lock": {"days": 9, "mode": "GOVERNANCE"}},
        ),
        ({}, {"tls_only": False}),
        ({"public_access_blocked": True}, {"public_access_blocked": False}),
        ({"kms_key_arn": "arn:aws:kms:x"}, {}),
        ({"noncurrent_days": 30}, {}),
        ({"versioning": True}, {"versioning": UNKNOWN}),
    ],
}
FORCED = (("aws:s3/bucket:Bucket", "forceDestroy"),)
"""Properties by which a deletion takes the backups along."""
