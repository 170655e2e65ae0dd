from typing import Any

import pytest

from palette_backup_provider.core.compare import changes
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.model import load_unchecked
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.resources.palette.storage.minio import MinioStorage
from palette_backup_provider.resources.palette.storage.static_credentials import Static

GIVEN: dict[str, Any] = {
    "kind": "minio",
    "bucket": "backups",
    "url": "http://minio.example.com:9000",
    "credentials": {"kind": "secret", "access_key": "weekly", "secret_key": "a-secret-key"},
}
RUN = Run(Settings({"palette:minioWait": "0"}.get, {}))


def storage(**more: Any) -> MinioStorage:
    return MinioStorage.model_validate({**GIVEN, **more})


def test_palette_gets_a_path_style_url() -> None:
    config = storage().config()
    assert config["s3Url"] == "http://minio.example.com:9000"
    assert config["s3ForcePathStyle"] is True
    assert config["region"] == "us-east-1"
    assert config["credentials"] == {
        "credentialType": "secret",
        "accessKey": "weekly",
        "secretKey": "a-secret-key",
    }


def test_what_palette_masks_is_kept() -> None:
    have = storage()
    masked = {**have.config(), "credentials": {"accessKey": "weekly", "secretKey": "****"}}
    assert MinioStorage.observed(masked, have) == have
    assert MinioStorage.observed(masked, None).credentials.secret_key == ""


ANOTHER = {**GIVEN["credentials"], "access_key": "other"}


@pytest.mark.parametrize(
    ("config", "field", "seen"),
    [
        ({"bucketName": "other"}, "bucket", "other"),
        ({"s3Url": "http://other"}, "url", "http://other"),
        ({"region": "eu-west-1"}, "region", "eu-west-1"),
        ({"s3ForcePathStyle": False}, "force_path_style", False),
        ({"caCert": "PEM"}, "ca_cert", "PEM"),
        ({"useRestic": False}, "use_restic", False),
        ({"credentials": {"accessKey": "other"}}, "credentials", Static(**ANOTHER)),
    ],
)
def test_whatever_is_changed_in_palette_is_seen(
    config: dict[str, Any], field: str, seen: Any
) -> None:
    have = storage()
    found = MinioStorage.observed({**have.config(), **config}, have)
    assert found == have.model_copy(update={field: seen})
    assert [change.path.partition(".")[0] for change in changes(found, have)] == [field]


def test_an_url_in_the_host_is_refused_and_old_state_stays_readable() -> None:
    with pytest.raises(ValueError, match="force_path_style"):
        storage(force_path_style=False)
    old = load_unchecked(MinioStorage, GIVEN)
    assert not list(changes(old, storage()))


def test_tls_moves_no_backups_and_another_host_does() -> None:
    over_tls = storage(url="https://minio.example.com:9000")
    assert storage().location_key() == over_tls.location_key()
    assert storage().location_key() != storage(url="http://other:9000").location_key()


def test_a_store_out_of_reach_is_told_with_the_way_on() -> None:
    with pytest.raises(ApiError, match="set probe=False"):
        storage(url="http://127.0.0.1:1").probe(RUN, Patience(0), "weekly")
