"""A trial on MinIO: where the bucket is, and what an answer without a body means."""

import pytest

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.clients.minio.identity import Identity
from palette_backup_provider.core.errors import ApiError
from tests.unit.clients.minio.trials import client
from tests.unit.clients.small_store import small_store


def test_the_answer_to_a_head_names_the_region_in_a_header() -> None:
    with small_store() as store:
        store.refuse = lambda call: (400, "", "", {"x-amz-bucket-region": "garage"})
        with pytest.raises(ApiError, match=r"Set region to 'garage'\.$"):
            client(store).s3("bucket_exists", "the-bucket")


@pytest.mark.parametrize("host", ["s3.eu-west-1.amazonaws.com", "oss-eu.aliyuncs.com", "minio"])
def test_the_bucket_is_in_the_path_whatever_the_host(host: str) -> None:
    own = Identity(url=f"https://{host}", user="u", password="the-secret-of-the-trial")
    url = (
        MinioClient.of(own)
        ._s3("the-bucket")
        ._base_url.build(
            method="GET", region="eu-west-1", bucket_name="the-bucket", object_name="k"
        )
    )
    assert (url.netloc, url.path) == (host, "/the-bucket/k")
