"""Storage that a stack's location is on: `place.py` of each cloud on which a test sets one up."""

from dataclasses import dataclass
from typing import Any

BUCKET, REGION = "backups", "us-east-1"


@dataclass(frozen=True)
class Place:
    """A bucket in S3's language, as its operator, Palette and a state have it."""

    kind: str
    """Palette's word for such storage."""
    s3: Any
    """The operator's client."""
    access_key: str
    secret_key: str
    told: str
    """How it is called in a line."""
    url: str = ""

    def make(self) -> None:
        self.s3.create_bucket(Bucket=BUCKET)

    def remove(self) -> None:
        self.s3.delete_bucket(Bucket=BUCKET)

    def put(self, key: str) -> None:
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")

    def config(self) -> dict[str, Any]:
        """As Palette has it."""
        keys = {"accessKey": self.access_key, "secretKey": self.secret_key}
        credentials = {"credentialType": "secret", **keys}
        where = {"bucketName": BUCKET, "region": REGION}
        return {**where, **({"s3Url": self.url} if self.url else {}), "credentials": credentials}

    def storage(self) -> dict[str, Any]:
        """As a state has it."""
        keys = {"access_key": self.access_key, "secret_key": self.secret_key}
        where = {"kind": self.kind, "bucket": BUCKET, "region": REGION}
        url = {"url": self.url} if self.url else {}
        return {**where, **url, "credentials": {"kind": "secret", **keys}}
