"""The example with pulumi-aws, on the package's real SDK: what it asks for, and what is secret."""

import json

import pytest

from tests.official.mocked import Asked, run

# the package warns of its own deprecated parts while it is imported
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
LOCATION = "pulumi-python:dynamic/palette:BackupLocation"


@pytest.fixture(scope="module")
def asked() -> dict[str, Asked]:
    pytest.importorskip("pulumi_aws", reason="pulumi-aws is an extra: make official")
    return run("pulumi-aws", {"aws:region": "eu-west-1"})


def test_the_prerequisites_and_the_location(asked: dict[str, Asked]) -> None:
    assert sorted(asked) == [
        "aws:iam/accessKey:AccessKey",
        "aws:iam/policy:Policy",
        "aws:iam/user:User",
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        LOCATION,
    ]
    public = asked["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"].inputs
    flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert [public[flag] for flag in flags] == [True] * 4
    attached = asked["aws:iam/userPolicyAttachment:UserPolicyAttachment"].inputs
    assert attached == {"policyArn": "arn-of-nightly", "user": "nightly-name"}


def test_least_privilege_on_that_bucket(asked: dict[str, Asked]) -> None:
    document = json.loads(asked["aws:iam/policy:Policy"].inputs["policy"])
    resources = [statement["Resource"] for statement in document["Statement"]]
    assert resources == ["*", ["arn:aws:s3:::nightly-bucket/*"], ["arn:aws:s3:::nightly-bucket"]]


def test_the_location_gets_the_new_key_as_a_secret(asked: dict[str, Asked]) -> None:
    location = asked[LOCATION]
    storage = location.inputs["storage"]
    assert (storage["bucket"], storage["region"]) == ("nightly-bucket", "eu-west-1")
    keys = storage["credentials"]
    assert (keys["access_key"], keys["secret_key"]) == ("nightly-id", "nightly-secret")
    assert "storage.credentials.secret_key" in location.secrets
    assert location.after == {
        "aws:iam/accessKey:AccessKey",
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    }
