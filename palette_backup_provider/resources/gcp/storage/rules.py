"""The rules of Google for a bucket's inputs, each with a message."""

import re
from typing import Annotated

from pydantic import AfterValidator

from palette_backup_provider.core.markers import Spelled
from palette_backup_provider.core.model import matches, unless
from palette_backup_provider.core.places import COMPASS, nearest

KMS_LOCATIONS = {"EU": "europe", "US": "us", "ASIA": "asia"}
"""How Cloud KMS calls the multi-regions of Cloud Storage."""

BucketName = Annotated[
    str,
    matches(r"(?s).{3,63}", "a bucket's name has 3 to 63 characters"),
    unless(re.compile(r"\d+(\.\d+){3}").fullmatch, "a bucket's name is no IP address"),
    unless(lambda name: "." in name, "a dot makes it a domain, whose owner Google wants to see"),
    matches(r"[a-z0-9_-]+", "a bucket's name is made of lower-case letters, digits, _ and -"),
    matches(r"[a-z0-9].*[a-z0-9]", "a bucket's name begins and ends with a letter or a digit"),
    unless(lambda name: name.startswith("goog"), "Google reserves names that begin with goog"),
    unless(
        re.compile(r"g[o0]{2}g[l1]e").search,
        "Google allows no bucket name with google, or what looks like it, in it",
    ),
]

WIDE = ("ASIA", "EU", "US", "ASIA1", "EUR4", "EUR5", "EUR7", "EUR8", "NAM4")
"""Multi-regions and dual-regions."""
REGIONS = {
    "africa": "south1",
    "asia": "east1 east2 northeast1 northeast2 northeast3 south1 south2 southeast1 southeast2",
    "australia": "southeast1 southeast2",
    "europe": "central2 north1 north2 southwest1 west1 west2 west3 west4 west6 west8 west9 west10 "
    "west12",
    "me": "central1 central2 west1",
    "northamerica": "northeast1 northeast2 south1",
    "southamerica": "east1 west1",
    "us": "central1 east1 east4 east5 south1 west1 west2 west3 west4",
}
"""The known regions, by area; Google may have more."""


def spelled(location: str) -> str:
    """A location as we spell it; Google takes any case, and answers in capitals."""
    return location.lower() if "-" in location else location.upper()


def _plausible(location: str) -> str:
    """Refuses implausible locations. A well-formed name that is unknown here is left to Google."""
    area, _, rest = location.rpartition("-")
    words = rest.rstrip("0123456789")
    fits = words in COMPASS if area else words != rest or location in WIDE
    regions = [f"{part}-{end}" for part, ends in REGIONS.items() for end in ends.split()]
    misspelt = area and area not in REGIONS and nearest(area, REGIONS, 0.8)
    if not fits or misspelt:
        near = nearest(location, [*regions, *WIDE])
        raise ValueError(f"{location!r} is no location of Cloud Storage.{near}")
    return location


Location = Annotated[
    str,
    Spelled(spelled),
    matches(
        r"[a-z]+(-[a-z]+)+\d{1,2}|[A-Z]{2,4}|[A-Z]{3,4}\d{1,2}",
        "a region such as europe-west1, a multi-region (US, EU, ASIA) or a dual-region such as "
        "EUR4",
    ),
    AfterValidator(_plausible),
]


def kms_location(location: str) -> str:
    """Where a key must be for a bucket in `location`."""
    return KMS_LOCATIONS.get(location, location.lower())
