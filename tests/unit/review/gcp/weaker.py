"""What weakens the protection of backups on Google Cloud, and what holds them."""

from typing import Any

HOLDS_BACKUPS = ("gcp:Bucket",)
WEAKER: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {
    "gcp:Bucket": [
        ({"soft_delete_days": 30}, {}),
        ({"public_access_prevented": True}, {"public_access_prevented": False}),
    ],
}
FORCED = (("gcp:Bucket", "force_destroy"),)
"""Properties by which a deletion takes the backups along."""
