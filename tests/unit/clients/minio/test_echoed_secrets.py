"""MinIO, and a server that quotes all it was sent and all it knows: nothing of a secret is read."""

import pytest

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core.settings import Settings
from tests.unit.clients.echo import Echo, as_xml, planted, refusal

pytestmark = pytest.mark.usefixtures("nothing_known")


def test_a_password(echo: Echo) -> None:
    password = planted("minio")
    echo.refuses, echo.knows = as_xml, [password]
    names = {"MINIO_ENDPOINT": echo.url, "MINIO_USER": "root", "MINIO_PASSWORD": password}
    client = MinioClient.connect(Settings(lambda _: None, names))
    assert "refused" in refusal(client.server, password)
    refusal(lambda: client.admin("user_info", "u"), password)
