"""The example with pulumi-aws, on the package's real SDK: what it asks for, and what is secret."""

import json

import pytest

from tests.official.mocked import TOLERANT, Asked, run

pytestmark = TOLERANT
BUCKET = "aws:s3/bucket:Bucket::nightly"
PRIVATE = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::nightly"
POLICY = "aws:iam/policy:Policy::nightly"
USER = "aws:iam/user:User::nightly"
ALLOWED = "aws:iam/userPolicyAttachment:UserPolicyAttachment::nightly"
KEY = "aws:iam/accessKey:AccessKey::nightly"
LOCATION = "pulumi-python:dynamic/palette:BackupLocation::nightly"
ANSWERS = {
    "aws:s3/bucket:Bucket": {"bucket": "the-bucket"},
    "aws:iam/policy:Policy": {"arn": "the-policy-arn"},
    "aws:iam/user:User": {"name": "the-user"},
    "aws:iam/accessKey:AccessKey": {"id": "THEKEY", "secret": "the-secret"},
}


@pytest.fixture(scope="module")
def asked() -> dict[str, Asked]:
    pytest.importorskip("pulumi_aws", reason="pulumi-aws is not installed: make official")
    return run("pulumi-aws", {"aws:region": "eu-west-1"}, ANSWERS)


def test_the_prerequisites_and_the_location(asked: dict[str, Asked]) -> None:
    assert asked.keys() == {BUCKET, PRIVATE, POLICY, USER, ALLOWED, KEY, LOCATION}
    assert asked[BUCKET].inputs == asked[USER].inputs == {}
    assert asked[PRIVATE].inputs == {
        "bucket": "the-bucket",
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }
    assert asked[ALLOWED].inputs == {"user": "the-user", "policyArn": "the-policy-arn"}
    assert asked[KEY].inputs == {"user": "the-user"}
    assert "secret" in asked[KEY].secret_outputs


def test_least_privilege_on_that_bucket(asked: dict[str, Asked]) -> None:
    document = json.loads(asked[POLICY].inputs["policy"])
    resources = [statement["Resource"] for statement in document["Statement"]]
    assert resources == [["arn:aws:s3:::the-bucket/*"], ["arn:aws:s3:::the-bucket"]]


def test_the_location_gets_the_new_key_as_a_secret(asked: dict[str, Asked]) -> None:
    location = asked[LOCATION]
    storage = location.inputs["storage"]
    assert (storage["bucket"], storage["region"]) == ("the-bucket", "eu-west-1")
    keys = storage["credentials"]
    assert (keys["access_key"], keys["secret_key"]) == ("THEKEY", "the-secret")
    assert "storage.credentials.secret_key" in location.secrets
    assert location.after == {KEY, ALLOWED, BUCKET, PRIVATE}
