"""The S3 calls on one bucket."""

from dataclasses import dataclass
from typing import Any

from palette_backup_provider.clients.aws import AwsClient
from palette_backup_provider.core.errors import ApiError


@dataclass(frozen=True)
class BucketApi:
    """A bucket, and the client to ask about it."""

    client: AwsClient
    region: str | None
    name: str

    def __call__(self, operation: str, **params: Any) -> dict[str, Any]:
        return self.client.call("s3", operation, region=self.region, Bucket=self.name, **params)

    def unless(self, absent: str, operation: str) -> dict[str, Any]:
        """The answer, empty if it is the error `absent`: AWS's word for "never set"."""
        try:
            return self(operation)
        except ApiError as error:
            if error.code != absent:
                raise
            return {}
