"""An error of MinIO names the check only where that is about the operator."""

import pytest

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.clients.minio.identity import Identity
from palette_backup_provider.clients.rest.deadline import answering
from palette_backup_provider.core.errors import ApiError
from tests.unit.clients.loopback import CLOSED


def test_the_credential_of_a_location_is_none_of_the_operator_s() -> None:
    theirs = Identity(url=CLOSED, user="theirs", password="password")
    with pytest.raises(ApiError) as told, answering("it", seconds=0.4):
        MinioClient.of(theirs).s3("list_buckets")
    assert "doctor" not in str(told.value)
