"""What is read of Palette's answers about locations on MinIO."""

from palette_backup_provider.clients.palette.location import LOCATION, ListedSpec, WholeMetadata
from palette_backup_provider.clients.palette.s3_config import S3Config
from palette_backup_provider.clients.rest.answers import Shape


class MinioConfig(S3Config):
    region: str | None = None  # type: ignore[assignment]


class MinioSpec(ListedSpec):
    config: MinioConfig


class MinioLocation(Shape):
    metadata: WholeMetadata
    spec: MinioSpec


ROUTES: dict[str, object] = {
    f"GET {LOCATION}/minio/{{uid}}": MinioLocation,
}
