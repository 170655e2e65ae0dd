"""A location on AWS, as tests of all locations take it, and what stands in for its bucket."""

from typing import Any

from palette_backup_provider.clients.aws.trial import BucketRef, S3Client
from palette_backup_provider.core.errors import ApiError
from tests.unit.clients.loopback import Reply

CLIENT = S3Client
"""What tries a credential."""
ROLE = {"kind": "sts", "role_arn": "arn:aws:iam::123456789012:role/r", "external_id": "ext-1"}
"""Credentials without a secret."""
ENDPOINT = "https://bucket.vpce-1a2b.s3.eu-west-1.vpce.amazonaws.com"
"""One of the cloud's own."""
MORE: dict[str, Any] = {"partition": "aws-us-gov"}
"""What a program may say of such a location alone, and Palette has in the credentials."""
NO_SUCH_CALL = {
    "AWS": Reply(
        400,
        "<Error><Code>InvalidRequest</Code><Message>No.</Message></Error>",
        {"Content-Type": "application/xml"},
    )
}
"""How the store answers a call that it does not have."""
CHANGES: dict[str, dict[str, Any]] = {
    "storage.partition": {"partition": "aws-iso"},
    "storage.credentials": {
        "credentialType": "sts",
        "sts": {"arn": ROLE["role_arn"], "externalId": "e"},
    },
}
"""What others may change in the credentials that Palette has, by the property that tells it."""


class Store(CLIENT):
    """Stands in for the bucket: notes what is tried, and answers as planned."""

    def __init__(self) -> None:
        super().__init__()
        self.tried: list[tuple[BucketRef, str, str, str]] = []
        self.refusals: list[ApiError] = []
        self.versioned = False

    def round_trip(self, place: BucketRef, access_key: str, secret_key: str, key: str) -> bool:
        self.tried.append((place, access_key, secret_key, key))
        if self.refusals:
            raise self.refusals.pop(0) if len(self.refusals) > 1 else self.refusals[0]
        return self.versioned
