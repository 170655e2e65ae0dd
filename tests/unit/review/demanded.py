"""What each policy refuses, and what all of them pass: of every cloud, and of locations."""

from palette_backup_provider.review.demands import LOCATION, Resource
from tests.clouds import in_each_folder
from tests.unit.review.sample import asked

OF_CLOUDS = in_each_folder(__package__, "asked_for").values()
GIVEN = {"project": "Default", "storage": {"kind": "s3", "bucket": "b"}}
DEFAULT = {**GIVEN, "is_default": True}

REFUSED: list[tuple[str, list[Resource]]] = [
    *((policy, [one]) for cloud in OF_CLOUDS for policy, one in cloud.REFUSED.items()),
    ("probe-and-validate-stay-on", [asked(LOCATION, **GIVEN, probe=False)]),
    ("one-default-per-scope", [asked(LOCATION, name, **DEFAULT) for name in ("one", "two")]),
]
"""One policy each. None of these is refused by another policy."""
PASSED: list[Resource] = [
    *(one for cloud in OF_CLOUDS for one in cloud.PASSED),
    asked(LOCATION, **DEFAULT),
    asked(LOCATION, "other", **{**DEFAULT, "project": "Another"}),
    asked(LOCATION, "third", **GIVEN, palette_validate=True),
]
