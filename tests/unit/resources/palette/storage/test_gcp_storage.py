import json
from base64 import b64decode
from typing import Any

import pytest

from palette_backup_provider.clients.gcp.trial import GcsClient
from palette_backup_provider.core.compare import changes
from palette_backup_provider.core.errors import ApiError, WaitTimedOut
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import SANDBOX, Settings
from palette_backup_provider.resources.palette.storage.gcp_storage import GcsStorage, _not_yet
from tests.unit.resources.stack import Clock
from tests.unit.sandbox import gcp_server
from tests.unit.sandbox.gcp_server import Cloud

BUCKET = "backups"
VIEWER, ADMIN = "roles/storage.objectViewer", "roles/storage.objectAdmin"


one = gcp_server.one


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


def run(cloud: Cloud) -> Run:
    return Run(Settings(cloud.config.get, {SANDBOX: "of-this-test"}))


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
    made(cloud).probe(run(cloud), clock.patience(60), "nightly")
    assert list(cloud.storage().list_blobs(BUCKET)) == []
    assert {"storage.objects.insert", "storage.objects.delete"} <= set(cloud.calls())
    assert clock.now == 0


def test_a_fresh_key_is_waited_for_no_longer_than_needed(cloud: Cloud, clock: Clock) -> None:
    cloud.conditions.delay = 20
    start, sleep = cloud.now, clock.sleep

    def passes(seconds: float) -> None:
        sleep(seconds)
        cloud.now = start + clock.now

    clock.sleep = passes  # type: ignore[method-assign]
    made(cloud).probe(run(cloud), clock.patience(60), "nightly")
    assert 20 <= clock.now <= 20 * 1.2 + 1


def test_a_role_that_is_missing_is_told_in_the_end(cloud: Cloud, clock: Clock) -> None:
    with pytest.raises(WaitTimedOut, match=r"does not have storage\.objects\.create access"):
        made(cloud, VIEWER).probe(run(cloud), clock.patience(60), "nightly")
    assert clock.now >= 60


def test_a_key_that_cannot_be_read_is_final(cloud: Cloud, clock: Clock) -> None:
    broken: Any = {**json.loads(made(cloud).json_credentials), "private_key": "no key"}
    storage = GcsStorage(bucket=BUCKET, json_credentials=json.dumps(broken))
    with pytest.raises(ApiError, match="no private key that can be read"):
        storage.probe(run(cloud), clock.patience(60), "nightly")
    assert clock.now == 0


def test_a_failing_probe_cleans_up(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    objects = "palette_backup_provider.clients.gcp.trial._Objects"
    monkeypatch.setattr(f"{objects}.get", lambda *_: b"another content")
    key = json.loads(made(cloud).json_credentials)
    with pytest.raises(ApiError, match="backups did not return what was written"):
        run(cloud).client(GcsClient).round_trip(BUCKET, key, "probe-1")
    assert list(cloud.storage().list_blobs(BUCKET)) == []


def test_a_budget_is_eight_minutes_unless_set() -> None:
    storage = GcsStorage.model_construct()
    assert storage.patience_of(Settings(lambda _: None, {})).budget == 480
    config = {"palette:gcpWait": "5"}
    assert storage.patience_of(Settings(config.get, {})).budget == 5


@pytest.mark.parametrize(
    ("status", "code", "text", "share"),
    [
        (403, "forbidden", "x does not have storage.objects.create access", 1),
        (401, "authError", "Invalid Credentials", 1),
        (400, "invalid_grant", "Invalid JWT Signature.", 1),
        (404, "notFound", "The specified bucket does not exist.", 0.1),
        (403, "accountDisabled", "The billing account is disabled in state absent", 0),
        (403, "retentionPolicyNotMet", "Object 'x' is subject to bucket's retention policy", 0),
        (400, "userProjectMissing", "Bucket is a requester pays bucket but no user project", 0),
        (403, "forbidden", "Request is prohibited by organization's policy. vpcService", 0),
        (403, "forbidden", "Permission denied on Cloud KMS key.", 0),
        (400, "invalid", "Invalid argument", 0),
    ],
)
def test_what_an_owner_decided_is_not_waited_for(
    status: int, code: str, text: str, share: float
) -> None:
    assert _not_yet(ApiError(text, status=status, code=code)) == share
