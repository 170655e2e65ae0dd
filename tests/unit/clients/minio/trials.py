"""How MinIO's client tries a key, and how MinIO names its region."""

from typing import Any

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.clients.minio.identity import Identity
from palette_backup_provider.clients.minio.trial import try_key
from tests.unit.clients.small_store import ACCESS_KEY, SECRET_KEY, SmallStore


def client(store: SmallStore, **more: Any) -> MinioClient:
    own = Identity(url=store.url, user=ACCESS_KEY, password=SECRET_KEY, **more)
    return MinioClient.of(own)


def _tried(store: SmallStore, region: str) -> bool:
    return try_key(client(store, region=region), "the-bucket", "k")


TRIALS = {"minio": _tried}
OTHER_REGION = {
    "minio": "The authorization header is malformed; the region is wrong; expecting 'garage'."
}
"""What stores say of a signature for another region than theirs, which is `garage`."""
