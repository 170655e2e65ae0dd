"""S3 as the storage of a location: its rules, and how its credential is tried."""

import re
from typing import Any

import pytest
import trustme
from botocore.utils import validate_region_name

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.clients.aws.trial import NOT_YET, BucketRef
from palette_backup_provider.core.errors import ApiError, WaitTimedOut
from palette_backup_provider.core.markers import Replaces
from palette_backup_provider.core.model import fields
from palette_backup_provider.core.velero import PROBE_PREFIX
from palette_backup_provider.resources.palette.storage import KINDS
from tests.unit.clients.loopback import FakeTime
from tests.unit.resources.palette.tenant import STATIC, STS, VALIDATE, Tenant, storage
from tests.unit.resources.stack import OWNER

PEM = trustme.CA().cert_pem.bytes().decode()
ENDPOINT = "expected scheme and host, such as https://s3.example.com:9000, without a path"
NOT_AWS = "is not an AWS region: expected the form of eu-west-1"
KMS = "not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:eu-west-1:1:key/k"


def refusal(code: str, text: str = "no") -> ApiError:
    return ApiError(
        f"AWS refused s3:put_object on the-bucket ({code}): {text}", status=403, code=code
    )


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"region": "eu"}, "storage: region: 'eu' is not an AWS region: expected the form of"),
        ({"region": "cn-north-1"}, "storage: region: 'cn-north-1' is in the partition aws-cn;"),
        ({"bucket": "a/b"}, "storage.bucket: 'a/b' is not allowed: a bucket's name has no slash"),
        ({"bucket": ""}, "storage.bucket: "),
        ({"kind": "tape"}, "storage: must be '"),
        ({"partition": "aws-cn"}, "storage.partition: must be 'aws', 'aws-us-gov'"),
        ({"ca_cert": "not PEM"}, "storage.ca_cert: is not a PEM certificate: expected -----BEGIN"),
        ({"ca_cert": ""}, "storage.ca_cert: is not a PEM certificate"),
        ({"ca_cert": "ü"}, "storage.ca_cert: is not a PEM certificate"),
        ({"credentials": {**STATIC, "kind": "x"}}, "storage.credentials: must be 'secret', 'sts'"),
        ({"credentials": {**STATIC, "access_key": " "}}, "storage.credentials.access_key: "),
        ({"credentials": {**STS, "role_arn": "r"}}, "the ARN of an IAM role is needed"),
        ({"credentials": {**STS, "external_id": "x"}}, "2 to 1224 letters, digits"),
        (
            {"credentials": STS, "region": "us-gov-west-1"},
            "credentials.role_arn: the role arn:aws:iam::123456789012:role/r is of another "
            "partition than us-gov-west-1, which is in aws-us-gov",
        ),
        ({"credentials": STS, "partition": "aws-iso"}, "which is in aws-iso"),
    ],
)
def test_what_cannot_be_is_refused_in_preview(
    tenant: Tenant, given: dict[str, Any], says: str
) -> None:
    assert says in tenant.stack().reasons(**storage(**given))


@pytest.mark.parametrize(
    "url",
    [
        "s3.example.com",
        "ftp://s3.example.com",
        "https://",
        "https://s3.example.com/bucket",
        "https://s3.example.com?x=1",
        "https://s3.example.com#x",
        "https://s3.example.com:port",
        "https://s3.example.com:123456",
        "https://s3 .example.com",
        "http://[::1",
        "",
    ],
)
def test_an_endpoint_is_scheme_and_host(tenant: Tenant, url: str) -> None:
    reasons = tenant.stack().reasons(**storage(url=url))
    assert reasons == f"storage.url: {url!r} is not an endpoint: {ENDPOINT}"


def test_a_password_in_an_endpoint_is_not_repeated(tenant: Tenant) -> None:
    reasons = tenant.stack().reasons(**storage(url="https://me:pa55@s3.example.com"))
    assert reasons == f"storage.url: it is not an endpoint: {ENDPOINT}"


@pytest.mark.parametrize(
    "url", ["http://[::1]:9000", "https://s3.example.com/", "http://store:9000"]
)
def test_an_endpoint_may_be(tenant: Tenant, url: str) -> None:
    tenant.stack().check(**storage(url=url, ca_cert=PEM))


ELSEWHERE = "https://fra1.digitaloceanspaces.com"
NO_REGION = "a region is 1 to 63 letters, digits and hyphens, "


@pytest.mark.parametrize("region", ["fra1", "default", "US", "r" * 63, "eu-west-1", "cn-east-3"])
def test_another_store_names_its_regions_as_it_likes(tenant: Tenant, region: str) -> None:
    tenant.stack().create(**storage(url=ELSEWHERE, region=region), palette_validate=True)
    assert tenant.bucket.tried[0][0].region == region
    assert tenant.validated[0]["credentials"]["partition"] == "aws"
    validate_region_name(region)


@pytest.mark.parametrize("region", ["", "a b", "eu_west", "-a", "a-", "1", "r" * 64, "é", "a\n"])
def test_a_region_that_no_store_can_have(tenant: Tenant, region: str) -> None:
    for url in (None, ELSEWHERE):
        reasons = tenant.stack().reasons(**storage(url=url, region=region))
        assert reasons.startswith(f"storage.region: {region!r} is not allowed: {NO_REGION}")
        assert reasons.count("region:") == 1


def test_an_endpoint_that_is_not_known_yet_may_be_any_store_s(tenant: Tenant) -> None:
    props = {"__owner": OWNER, **storage(region="fra1")}
    lifecycle = tenant.stack().lifecycle
    assert not lifecycle.check({}, props, {"storage.url"}).failures
    (failure,) = lifecycle.check({}, props, set()).failures
    assert failure.reason == f"region: 'fra1' {NOT_AWS}"


def test_a_region_is_judged_before_the_partition_of_a_role(tenant: Tenant) -> None:
    reasons = tenant.stack().reasons(**storage(region="cn-north-1", credentials=STS))
    assert reasons.count("region") == 1 and "Palette knows only" in reasons


@pytest.mark.parametrize(
    ("region", "partition", "fits"),
    [("fra1", "aws", True), ("us-gov-west-1", "aws", False), ("us-gov-west-1", "aws-us-gov", True)],
)
def test_a_role_behind_an_endpoint_is_of_the_region_s_partition(
    tenant: Tenant, region: str, partition: str, fits: bool
) -> None:
    keys = {**STS, "role_arn": f"arn:{partition}:iam::123456789012:role/r"}
    reasons = tenant.stack().reasons(**storage(url=ELSEWHERE, region=region, credentials=keys))
    assert ("of another partition" in reasons) is not fits


def test_the_bucket_is_tried_as_the_clusters_will_use_it(tenant: Tenant) -> None:
    tenant.stack().create(**storage(url="https://s3.example.com", ca_cert=PEM))
    ((place, access_key, secret_key, key),) = tenant.bucket.tried
    assert place == BucketRef("the-bucket", "eu-west-1", "https://s3.example.com", True, PEM)
    assert (access_key, secret_key) == (STATIC["access_key"], STATIC["secret_key"])
    assert re.fullmatch(rf"{PROBE_PREFIX}[0-9a-f]{{16}}", key) and "/" not in key


def test_palette_is_asked_about_the_same_credential(tenant: Tenant) -> None:
    tenant.stack().create(**storage(), name="a")
    tenant.stack().create(**storage(credentials=STS), name="b")
    static, role = tenant.validated
    assert static == {
        "bucket": "the-bucket",
        "region": "eu-west-1",
        "credentials": {
            "credentialType": "secret",
            "accessKey": STATIC["access_key"],
            "secretKey": STATIC["secret_key"],
            "partition": "aws",
        },
    }
    assert role["credentials"]["sts"]["arn"] == STS["role_arn"]
    assert len(tenant.bucket.tried) == 1  # only Palette may assume the role


@pytest.mark.parametrize("code", sorted(NOT_YET))
def test_a_new_key_is_waited_for(tenant: Tenant, trying: FakeTime, code: str) -> None:
    tenant.bucket.refusals = [*[refusal(code)] * 4, ApiError("other", status=500, code="Other")]
    with pytest.raises(ApiError, match="other"):
        tenant.stack().create(**storage())
    assert len(tenant.bucket.tried) == 5
    assert 1 < sum(trying.slept) < 5


def test_the_wait_has_an_end_and_says_how_to_move_it(tenant: Tenant, trying: FakeTime) -> None:
    tenant.bucket.refusals = [refusal("InvalidAccessKeyId")]
    with pytest.raises(WaitTimedOut) as gave_up:
        tenant.stack(awsWait="20").create(**storage())
    said = "nightly: waiting for AWS to accept the access key: gave up after"
    for part in (said, "(InvalidAccessKeyId)", "To wait longer, set palette:awsWait (seconds)"):
        assert part in str(gave_up.value)
    assert 20 <= sum(trying.slept) < 23
    with pytest.raises(WaitTimedOut):
        tenant.stack().create(**storage())
    assert 120 <= sum(trying.slept) - 20 < 142


def test_a_wrong_secret_is_not_waited_for_as_long(tenant: Tenant, trying: FakeTime) -> None:
    tenant.bucket.refusals = [refusal("SignatureDoesNotMatch")]
    with pytest.raises(ApiError, match="SignatureDoesNotMatch"):
        tenant.stack().create(**storage())
    assert 5 <= sum(trying.slept) < 6


USER = "User: arn:aws:iam::123456789012:user/u is not authorized to perform: {0} on resource: r "
DENIED = USER + "with an explicit deny in a {1}"
MISSING = USER + "because no {1} allows the {0} action"


@pytest.mark.parametrize(
    ("says", "waits", "told"),
    [
        (DENIED.format("s3:PutObject", "resource-based policy"), 0, "The bucket's own policy dec"),
        (DENIED.format("s3:PutObject", "service control policy"), 0, "The organisation forbids"),
        (DENIED.format("s3:PutObject", "permissions boundary"), 0, "The permissions boundary of"),
        (MISSING.format("s3:PutObject", "identity-based policy"), 30, "`policy_document`"),
        (MISSING.format("s3:GetObject", "identity-based policy"), 6, "`policy_document`"),
        (MISSING.format("s3:PutObject", "resource-based policy"), 30, "`bucket_policy_statements`"),
        ("Access Denied", 30, "Or: The bucket's own policy decides"),
    ],
)
def test_what_aws_says_of_a_refusal_is_believed(
    tenant: Tenant, trying: FakeTime, says: str, waits: float, told: str
) -> None:
    tenant.bucket.refusals = [refusal("AccessDenied", says)]
    with pytest.raises(ApiError) as caught:
        tenant.stack().create(**storage())
    assert says in str(caught.value) and told in str(caught.value)
    assert "To wait longer" not in str(caught.value) and "pulumi refresh" not in str(caught.value)
    assert waits <= sum(trying.slept) <= 1.25 * waits


@pytest.mark.parametrize("says", [DENIED, MISSING])
def test_what_palette_quotes_of_a_refusal_is_believed(
    tenant: Tenant, trying: FakeTime, says: str
) -> None:
    text = says.format("s3:GetBucketLocation", "identity-based policy")
    tenant.refusals = [f"AccessDenied: {text}"] * 99
    with pytest.raises(ApiError, match="s3:GetBucketLocation"):
        tenant.stack().create(**storage())
    assert sum(trying.slept) < 8


def test_a_line_of_progress_has_the_last_answer(
    tenant: Tenant, trying: FakeTime, capsys: pytest.CaptureFixture[str]
) -> None:
    tenant.bucket.refusals = [refusal("AccessDenied", "Access Denied")]
    with pytest.raises(ApiError):
        tenant.stack().create(**storage())
    lines = capsys.readouterr().out.splitlines()
    assert lines and all("s of 120 s. Last answer: " in line for line in lines)
    assert all("Access Denied" in line for line in lines)


def test_a_bucket_that_is_not_there_is_not_waited_for_as_long(
    tenant: Tenant, trying: FakeTime
) -> None:
    tenant.bucket.refusals = [refusal("NoSuchBucket")]
    with pytest.raises(ApiError, match="NoSuchBucket"):
        tenant.stack().create(**storage())
    assert 30 <= sum(trying.slept) < 38


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("AccessDenied", KMS),
        ("KMS.NotFoundException", "no"),
        ("KMS.DisabledException", "k is disabled"),
    ],
)
def test_a_refused_kms_key_is_named_at_once(
    tenant: Tenant, trying: FakeTime, code: str, text: str
) -> None:
    words = r"The bucket's KMS key cannot be used\. .*kms_key_arn.*kms:Decrypt"
    tenant.bucket.refusals = [refusal(code, text)]
    with pytest.raises(ApiError, match=words):
        tenant.stack().create(**storage())
    tenant.refusals = [f"{code}: {text}"]
    with pytest.raises(ApiError, match=words):
        tenant.stack().create(**storage(), probe=False)
    assert trying.slept == []


def test_a_bucket_that_is_called_kms_is_waited_for(tenant: Tenant, trying: FakeTime) -> None:
    denied = ApiError("AWS refused s3:put_object on my-kms.x", status=403, code="AccessDenied")
    tenant.bucket.refusals = [denied, ApiError("other", status=500)]
    with pytest.raises(ApiError, match="other"):
        tenant.stack().create(**storage(bucket="my-kms.x"))
    assert len(trying.slept) == 1


def test_palette_s_refusals_are_waited_for(tenant: Tenant, trying: FakeTime) -> None:
    tenant.refusals = ["InvalidAccessKeyId: no"] * 3 + ["KMS.NotFoundException: no"]
    with pytest.raises(ApiError):
        tenant.stack().create(**storage())
    assert len(tenant.validated) == 4
    tenant.refusals = ["InvalidAccessKeyId: no"]
    with pytest.raises(WaitTimedOut, match=r"waiting for Palette to accept .*palette:awsWait"):
        tenant.stack().create(**storage())
    assert 120 <= sum(trying.slept) < 145


def test_a_missing_permission_in_palette_is_not_waited_for(
    tenant: Tenant, trying: FakeTime
) -> None:
    tenant.plan(VALIDATE, status=403, times=9)
    with pytest.raises(ApiError, match="403"):
        tenant.stack().create(**storage())
    assert trying.slept == []


def test_versions_that_a_try_leaves_are_removed_by_the_operator(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed = []

    def call(_: AwsClient, service: str, operation: str, **params: Any) -> dict[str, Any]:
        assert (params["Bucket"], params["region"]) == ("the-bucket", "eu-west-1")
        if operation == "delete_object":
            removed.append((params["Key"], params["VersionId"]))
            return {}
        assert (operation, params["Prefix"]) == ("list_object_versions", tenant.bucket.tried[0][3])
        return {"Versions": [{"VersionId": "v"}], "DeleteMarkers": [{"VersionId": "d"}]}

    monkeypatch.setattr(AwsClient, "call", call)
    tenant.stack().create(**storage(), name="unversioned")
    assert removed == []
    tenant.bucket.tried.clear()
    tenant.bucket.versioned = True
    tenant.stack().create(**storage(), name="n")
    key = tenant.bucket.tried[0][3]
    assert removed == [(key, "v"), (key, "d")]


def test_versions_that_the_operator_may_not_remove_stop_nothing(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: Any, **__: Any) -> Any:
        raise refusal("AccessDenied")

    monkeypatch.setattr(AwsClient, "call", denied)
    tenant.bucket.versioned = True
    assert tenant.stack().create(**storage()).id == tenant.only().uid


@pytest.mark.parametrize("kind", KINDS)
def test_another_kind_of_storage_replaces_the_location(kind: str) -> None:
    """Palette has other paths for each, so no request could change it."""
    assert "kind" in fields(KINDS[kind], Replaces)
