"""The S3 calls on one bucket."""

from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.core.errors import ApiError, NotFound
from palette_backup_provider.core.retry import Patience


@dataclass(frozen=True)
class BucketApi:
    """A bucket, and the client to ask about it."""

    client: AwsClient
    region: str | None
    name: str
    new: bool = False
    """Whether the bucket is so new that some servers of S3 may not know it yet."""
    patience: ClassVar[Patience] = Patience(120)
    """For S3 to finish an earlier operation on the bucket, or the deletion of a bucket of that
    name."""

    def __call__(self, operation: str, **params: Any) -> dict[str, Any]:
        call = partial(self.client.call, "s3", operation, region=self.region, Bucket=self.name)
        doing = f"{self.name}: waiting for S3, which is not done with the bucket of that name"
        return self.patience.until(partial(call, **params), self._may_pass, doing)

    def _may_pass(self, error: BaseException) -> bool:
        if isinstance(error, NotFound):
            return self.new
        return isinstance(error, ApiError) and error.code == "OperationAborted"

    def unless(self, absent: str, operation: str) -> dict[str, Any]:
        """The answer. It is empty if AWS answers with the error `absent`, its code for "never
        set"."""
        try:
            return self(operation)
        except ApiError as error:
            if error.code != absent:
                raise
            return {}
