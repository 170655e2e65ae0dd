"""What is read of Palette's answers about locations on MinIO."""

from palette_backup_provider.clients.palette.location import LOCATION, WholeLocation
from palette_backup_provider.clients.palette.s3_config import S3Config


class MinioConfig(S3Config):
    region: str | None = None  # type: ignore[assignment]


ROUTES: dict[str, object] = {
    f"GET {LOCATION}/minio/{{uid}}": WholeLocation[MinioConfig],
}
