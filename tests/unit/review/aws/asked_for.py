"""What each policy refuses of AWS's types, and what all of them pass."""

from tests.unit.review.aws import grants
from tests.unit.review.sample import asked

BUCKET, KEY = grants.STORAGE, "aws:AccessKey"
TAGS = {"tags": {"team": "storage"}}
KEPT = {"name": "b", "versioning": True, "noncurrent_days": 30, **TAGS}
REFUSED = {
    "no-force-destroy": asked(BUCKET, **KEPT, force_destroy=True),
    "versioned-or-locked": asked(BUCKET, name="b", **TAGS),
    "rotates-within": asked(KEY, user="u"),
    "no-grant-on-everything": asked(grants.TYPE, **grants.EVERYTHING),
    "required-tags": asked(BUCKET, name="b", versioning=True),
}
PASSED = [
    asked(BUCKET, **KEPT),
    asked(BUCKET, "theirs", name="b", existing=True, force_destroy=False),
    asked(KEY, user="u", rotate_after=90),
    asked(grants.TYPE, **grants.on("b")),
]
