"""The S3 calls on one bucket."""

from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from palette_backup_provider.clients.aws import AwsClient
from palette_backup_provider.core.errors import ApiError, NotFound
from palette_backup_provider.core.retry import Patience


@dataclass(frozen=True)
class BucketApi:
    """A bucket, and the client to ask about it."""

    client: AwsClient
    region: str | None
    name: str
    new: bool = False
    """Whether it was made a moment ago, so that S3 may not know of it everywhere."""
    patience: ClassVar[Patience] = Patience(120)
    """For S3 to finish what it was asked of the bucket before, a deletion of its name included."""

    def __call__(self, operation: str, **params: Any) -> dict[str, Any]:
        call = partial(self.client.call, "s3", operation, region=self.region, Bucket=self.name)
        doing = f"{self.name}: waiting for S3, which is not done with the bucket of that name"
        return self.patience.until(partial(call, **params), self._may_pass, doing)

    def _may_pass(self, error: BaseException) -> bool:
        if isinstance(error, NotFound):
            return self.new
        return isinstance(error, ApiError) and error.code == "OperationAborted"

    def unless(self, absent: str, operation: str) -> dict[str, Any]:
        """The answer, empty if it is the error `absent`: AWS's word for "never set"."""
        try:
            return self(operation)
        except ApiError as error:
            if error.code != absent:
                raise
            return {}
