"""What each policy refuses of MinIO's types, and what all of them pass."""

from tests.unit.review.minio import grants
from tests.unit.review.sample import asked

BUCKET, KEY = grants.STORAGE, "minio:AccessKey"
TAGS = {"tags": {"team": "storage"}}
REFUSED = {
    "no-force-destroy": asked(BUCKET, name="b", force_destroy=True, **TAGS),
    "rotates-within": asked(KEY, user="u"),
    "no-grant-on-everything": asked(grants.TYPE, **grants.EVERYTHING),
    "required-tags": asked(BUCKET, name="b"),
}
PASSED = [
    asked(BUCKET, name="b", **TAGS),
    asked(KEY, user="u", rotate_after=90),
    asked(grants.TYPE, **grants.on("b")),
]
