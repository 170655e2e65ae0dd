"""What Google allows in a bucket's inputs, each rule in words of its own."""

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator

from palette_backup_provider.core.model import rule

KMS_LOCATIONS = {"EU": "europe", "US": "us", "ASIA": "asia"}
"""How Cloud KMS calls the multi-regions of Cloud Storage."""


def _unless(test: Callable[[str], object], says: str) -> AfterValidator:
    def obeys(name: str) -> str:
        if test(name):
            raise ValueError(f"{name!r} is not allowed: {says}")
        return name

    return AfterValidator(obeys)


BucketName = Annotated[
    str,
    rule(r"(?s).{3,63}", "a bucket's name has 3 to 63 characters"),
    _unless(re.compile(r"\d+(\.\d+){3}").fullmatch, "a bucket's name is no IP address"),
    _unless(lambda name: "." in name, "a dot makes it a domain, whose owner Google wants to see"),
    rule(r"[a-z0-9_-]+", "a bucket's name is made of lower-case letters, digits, _ and -"),
    rule(r"[a-z0-9].*[a-z0-9]", "a bucket's name begins and ends with a letter or a digit"),
    _unless(lambda name: name.startswith("goog"), "Google reserves names that begin with goog"),
    _unless(
        re.compile(r"g[o0]{2}g[l1]e").search,
        "Google allows no bucket name with google, or what looks like it, in it",
    ),
]

Location = Annotated[
    str,
    rule(
        r"[a-z]+(-[a-z]+)+\d{1,2}|US|EU|ASIA|[A-Z]{3,4}\d{1,2}",
        "a region such as europe-west1, a multi-region (US, EU, ASIA) or a dual-region such as "
        "EUR4, in just this case",
    ),
]

KmsKeyName = Annotated[
    str,
    rule(
        r"projects/[^/]+/locations/[a-z0-9-]+/keyRings/[^/]+/cryptoKeys/[^/]+",
        "the whole name of a Cloud KMS key is needed: "
        "projects/P/locations/L/keyRings/R/cryptoKeys/K, without a version",
    ),
]


def kms_location(location: str) -> str:
    """Where a key must be for a bucket in `location`."""
    return KMS_LOCATIONS.get(location, location.lower())


def spelled(location: str) -> str:
    """A location as we spell it; Google answers in capitals."""
    return location.lower() if "-" in location else location.upper()
