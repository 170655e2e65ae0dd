"""What each policy refuses of Azure's types, and what all of them pass."""

from tests.unit.review.azure import grants
from tests.unit.review.sample import asked

ACCOUNT, CONTAINER, SECRET = "azure:StorageAccount", grants.STORAGE, "azure:ClientSecret"
TAGS = {"tags": {"team": "storage"}}
REFUSED = {
    "no-force-destroy": asked(CONTAINER, name="b", force_destroy=True),
    "rotates-within": asked(SECRET, application="a"),
    "no-grant-on-everything": asked(grants.TYPE, **grants.EVERYTHING),
    "required-tags": asked(ACCOUNT, name="a"),
}
PASSED = [
    asked(ACCOUNT, name="a", **TAGS),
    asked(CONTAINER, name="b"),
    asked(SECRET, application="a", rotate_after=90),
    asked(grants.TYPE, **grants.on("b")),
]
