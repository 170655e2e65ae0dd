"""What each policy refuses of Google Cloud's types, and what all of them pass."""

from tests.unit.review.gcp import grants
from tests.unit.review.sample import asked

BUCKET, KEY = grants.STORAGE, "gcp:ServiceAccountKey"
LABELS = {"labels": {"team": "storage"}}
KEPT = {"name": "b", "versioning": True, **LABELS}
REFUSED = {
    "no-force-destroy": asked(BUCKET, **KEPT, force_destroy=True),
    "versioned-or-locked": asked(BUCKET, name="b", **LABELS),
    "rotates-within": asked(KEY, service_account="u", rotate_after=400),
    "no-grant-on-everything": asked(grants.TYPE, **grants.EVERYTHING),
    "required-tags": asked(BUCKET, name="b", versioning=True),
}
PASSED = [
    asked(BUCKET, **KEPT),
    asked(BUCKET, "theirs", name="b", existing=True, force_destroy=False),
    asked(KEY, service_account="u", rotate_after=90),
    asked(grants.TYPE, **grants.on("b")),
]
