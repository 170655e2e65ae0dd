"""The objects of a bucket on MinIO, for the trial of a key."""

import io
from dataclasses import dataclass

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.clients.rest.trial import round_trip


@dataclass(frozen=True)
class _Objects:
    """The objects of a bucket."""

    name: str
    client: MinioClient

    def put(self, name: str, content: bytes) -> bool:
        result = self.client.s3("put_object", self.name, name, io.BytesIO(content), len(content))
        return result.version_id is not None

    def get(self, name: str) -> bytes:
        return self.client.content(self.name, name)

    def names(self, prefix: str) -> list[str]:
        return [item.object_name for item in self.client.objects(self.name, prefix)]

    def delete(self, name: str) -> None:
        self.client.s3("remove_object", self.name, name)


def try_key(client: MinioClient, bucket: str, name: str) -> bool:
    """Try the client's key with the object `name`, as `rest.trial.round_trip` does."""
    return round_trip(_Objects(bucket, client), name)
