"""How AWS's client tries a key, what it sends besides, and how a store names its region by it."""

from dataclasses import dataclass

from palette_backup_provider.clients.aws.trial import BucketRef, S3Client
from tests.unit.clients.small_store import ACCESS_KEY, SECRET_KEY, Call, SmallStore


def tried(store: SmallStore, region: str) -> bool:
    place = BucketRef("the-bucket", region, store.url, path_style=True)
    return S3Client().round_trip(place, ACCESS_KEY, SECRET_KEY, "k")


TRIALS = {"boto3": tried}
OTHER_REGION = {
    "garage": "Authorization header malformed, unexpected scope: 20261128/{}/s3/aws4_request, "
    "expected: 20261128/garage/s3/aws4_request"
}
"""What stores say of a signature for another region than theirs, which is `garage`."""


def _unwrapped(content: bytes) -> bytes:
    """What AWS's chunks hold."""
    size, _, rest = content.partition(b"\r\n")
    length = int(size.partition(b";")[0], 16)
    return rest[:length] + _unwrapped(rest[length + 2 :]) if length else b""


@dataclass
class StoreOfChunks(SmallStore):
    """Takes AWS's own chunks, with a checksum behind them, out of the content."""

    def content(self, call: Call, sent: bytes) -> bytes:
        wrapped = call.headers.get("content-encoding") == "aws-chunked"
        return _unwrapped(sent) if wrapped else sent
