import json
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import pytest

from palette_backup_provider.clients.gcs import GcsClient
from palette_backup_provider.core.compare import changes
from palette_backup_provider.core.errors import ApiError, GaveUp
from palette_backup_provider.core.handler import Clients
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.resources.palette.storage.gcs import GcsStorage
from tests.unit.resources.stack import Clock
from tests.unit.sandbox.gcp_server import Cloud, running

BUCKET = "backups"
VIEWER, ADMIN = "roles/storage.objectViewer", "roles/storage.objectAdmin"


@pytest.fixture(scope="module")
def one() -> Iterator[Cloud]:
    with running() as cloud:
        yield cloud


@pytest.fixture
def cloud(one: Cloud) -> Cloud:
    one.reset()
    one.storage().create_bucket(BUCKET)
    return one


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    return clock


def made(cloud: Cloud, role: str = ADMIN) -> GcsStorage:
    email = cloud.gcp.iam.create_account("sandbox-project", {"accountId": "backups"})["email"]
    policy = cloud.gcp.storage.bucket(BUCKET).policy
    policy.bindings.append({"role": role, "members": [f"serviceAccount:{email}"]})
    answer = cloud.gcp.iam.create_key(email, f"{cloud.url}/token")
    text = b64decode(answer["privateKeyData"]).decode()
    return GcsStorage(bucket=BUCKET, json_credentials=text)


def clients(cloud: Cloud) -> Clients:
    return Clients(Settings(cloud.config.get, {}))


def test_the_body_is_as_palette_documents_it() -> None:
    storage = GcsStorage.model_construct(bucket=BUCKET, json_credentials="{}", project="my-project")
    assert storage.config() == {
        "bucketName": BUCKET,
        "credentials": {"jsonCredentials": "{}"},
        "projectId": "my-project",
    }


@pytest.mark.parametrize("masked", ["*****", None])
def test_a_masked_credential_is_kept_from_state(masked: str | None) -> None:
    have = GcsStorage.model_construct(bucket="old", json_credentials="{}", project=None)
    config = {"bucketName": BUCKET, "credentials": {"jsonCredentials": masked}}
    seen = GcsStorage.observed(config, have)
    assert (seen.bucket, seen.json_credentials) == (BUCKET, "{}")


@pytest.mark.parametrize(
    ("config", "field", "seen"),
    [
        ({"bucketName": "other"}, "bucket", "other"),
        ({"projectId": "other"}, "project", "other"),
        ({"projectId": None}, "project", None),
        ({"credentials": {"jsonCredentials": "[]"}}, "json_credentials", "[]"),
    ],
)
def test_whatever_is_changed_in_palette_is_seen(
    config: dict[str, Any], field: str, seen: str | None
) -> None:
    have = GcsStorage.model_construct(bucket=BUCKET, json_credentials="{}", project="my-project")
    found = GcsStorage.observed({**have.config(), **config}, have)
    assert found == have.model_copy(update={field: seen})
    assert [change.path for change in changes(found, have)] == [field]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("/home/me/key.json", "is not JSON"),
        ("[]", "is not JSON"),
        ('{"type": "authorized_user"}', "must be service_account, not authorized_user"),
        ('{"type": "hunter2-secret"}', "must be service_account, not what it is"),
        ('{"type": "service_account"}', "it has no client_email, private_key"),
    ],
)
def test_what_is_no_key_is_refused(given: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as refused:
        GcsStorage(bucket=BUCKET, json_credentials=given)
    assert "hunter2" not in str(refused.value)


def test_the_probe_leaves_nothing(cloud: Cloud, clock: Clock) -> None:
    made(cloud).probe(clients(cloud), clock.patience(60), "nightly")
    assert list(cloud.storage().list_blobs(BUCKET)) == []
    assert {"storage.objects.insert", "storage.objects.delete"} <= set(cloud.calls())
    assert clock.now == 0


def test_a_fresh_key_is_waited_for_no_longer_than_needed(cloud: Cloud, clock: Clock) -> None:
    cloud.world.delay = 20
    start, sleep = cloud.now, clock.sleep

    def passes(seconds: float) -> None:
        sleep(seconds)
        cloud.now = start + clock.now

    clock.sleep = passes  # type: ignore[method-assign]
    made(cloud).probe(clients(cloud), clock.patience(60), "nightly")
    assert 20 <= clock.now <= 20 * 1.2 + 1


def test_a_role_that_is_missing_is_told_in_the_end(cloud: Cloud, clock: Clock) -> None:
    with pytest.raises(GaveUp, match=r"does not have storage\.objects\.create access"):
        made(cloud, VIEWER).probe(clients(cloud), clock.patience(60), "nightly")
    assert clock.now >= 60


def test_a_key_that_cannot_be_read_is_final(cloud: Cloud, clock: Clock) -> None:
    broken: Any = {**json.loads(made(cloud).json_credentials), "private_key": "no key"}
    storage = GcsStorage(bucket=BUCKET, json_credentials=json.dumps(broken))
    with pytest.raises(ApiError, match="no private key that can be read"):
        storage.probe(clients(cloud), clock.patience(60), "nightly")
    assert clock.now == 0


def test_a_failing_probe_cleans_up(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("palette_backup_provider.clients.gcs.CONTENT", float("nan"))
    key = json.loads(made(cloud).json_credentials)
    with pytest.raises((ApiError, ValueError)):
        GcsClient.connect(Settings(cloud.config.get, {})).round_trip(BUCKET, key, "probe-1")
    assert list(cloud.storage().list_blobs(BUCKET)) == []


def test_a_budget_is_eight_minutes_unless_set() -> None:
    storage = GcsStorage.model_construct()
    assert storage.patience_of(Settings(lambda _: None, {})).budget == 480
    config = {"palette:gcpWait": "5"}
    assert storage.patience_of(Settings(config.get, {})).budget == 5
