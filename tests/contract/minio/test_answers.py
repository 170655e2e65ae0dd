"""Every call to MinIO has a shape for its answer, and there is none for a call that is not made."""

import minio

from palette_backup_provider.clients.minio.answers import ADMIN, S3
from tests.contract.answers import words


def test_of_the_server() -> None:
    called = words(
        "resources/minio/**/*.py", "clients/minio/*.py", "resources/palette/storage/minio.py"
    )
    for shapes, client in (
        (S3, minio.Minio),
        (ADMIN, minio.MinioAdmin),
    ):
        assert shapes.keys() == called & {name for name in dir(client) if name[0] != "_"}
