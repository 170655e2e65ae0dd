"""The example with pulumi-gcp, on the package's real SDK: what it asks for, and what is secret."""

from base64 import b64encode

import pytest

from palette_backup_provider import gcp
from tests.official.mocked import TOLERANT, Asked, run

pytestmark = TOLERANT
BUCKET = "gcp:storage/bucket:Bucket::nightly"
ACCOUNT = "gcp:serviceaccount/account:Account::nightly"
KEY = "gcp:serviceaccount/key:Key::nightly"
LOCATION = "pulumi-python:dynamic/palette:BackupLocation::nightly"
ALLOWED = {
    "gcp:storage/bucketIAMMember:BucketIAMMember::objectAdmin",
    "gcp:storage/bucketIAMMember:BucketIAMMember::legacyBucketReader",
}
KEY_JSON = '{"type": "service_account"}'
ANSWERS = {
    "gcp:storage/bucket:Bucket": {"name": "the-bucket", "project": "the-project"},
    "gcp:serviceaccount/account:Account": {
        "name": "projects/the-project/serviceAccounts/the-email",
        "member": "serviceAccount:the-email",
    },
    "gcp:serviceaccount/key:Key": {"privateKey": b64encode(KEY_JSON.encode()).decode()},
}


@pytest.fixture(scope="module")
def asked() -> dict[str, Asked]:
    pytest.importorskip("pulumi_gcp", reason="pulumi-gcp is not installed: make official")
    return run("pulumi-gcp", {"gcp:project": "the-project"}, ANSWERS)


def test_the_prerequisites_and_the_location(asked: dict[str, Asked]) -> None:
    assert asked.keys() == {BUCKET, ACCOUNT, KEY, LOCATION} | ALLOWED
    assert asked[BUCKET].inputs == {
        "location": "EU",
        "uniformBucketLevelAccess": True,
        "publicAccessPrevention": "enforced",
    }
    assert asked[ACCOUNT].inputs == {"accountId": "nightly-dev"}
    assert asked[KEY].inputs == {
        "serviceAccountId": "projects/the-project/serviceAccounts/the-email"
    }
    assert "privateKey" in asked[KEY].secret_outputs


def test_least_privilege_on_that_bucket(asked: dict[str, Asked]) -> None:
    given = [asked[one].inputs for one in ALLOWED]
    assert {one["role"] for one in given} == set(gcp.BUCKET_ROLES)
    assert all(one["bucket"] == "the-bucket" for one in given)
    assert all(one["member"] == "serviceAccount:the-email" for one in given)
    assert all(one.keys() == {"bucket", "role", "member"} for one in given)


def test_the_location_gets_the_new_key_as_a_secret(asked: dict[str, Asked]) -> None:
    location = asked[LOCATION]
    storage = location.inputs["storage"]
    assert (storage["bucket"], storage["project"]) == ("the-bucket", "the-project")
    assert storage["json_credentials"] == KEY_JSON
    assert "storage.json_credentials" in location.secrets
    assert location.after == {BUCKET, KEY} | ALLOWED
