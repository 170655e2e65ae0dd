"""A trial on S3 proves what is registered: where it goes, how it signs, what a refusal means."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import trustme
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from palette_backup_provider.clients.aws import session as aws_session
from palette_backup_provider.clients.aws.trial import CHECKSUMS, BucketRef, S3Client, of_aws
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.settings import SANDBOX, Settings
from tests.unit.clients.authority import Authority
from tests.unit.clients.aws.trials import StoreOfChunks, tried
from tests.unit.clients.small_store import SECRET_KEY, SmallStore, small_store

OTHER_STORE = "https://s3.example.com"


def sent(place: BucketRef, client: S3Client | None = None) -> Any:
    """The request that puts the object `k`, which goes nowhere."""
    requests = []

    def answer(request: Any, **_: Any) -> AWSResponse:
        requests.append(request)
        raw: Any = SimpleNamespace(stream=lambda: [b""])
        return AWSResponse(request.url, 200, HTTPHeaders(), raw)

    with (client or S3Client())._opened(place, "AKIAEXAMPLE", SECRET_KEY, {}) as s3:
        s3.meta.events.register("before-send", answer)
        s3.put_object(Bucket=place.bucket, Key="k", Body=b"x")
    (request,) = requests
    return request


def test_aws_is_tried_by_the_way_that_is_set_to_it_and_nothing_else_is(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    config = {
        "aws:httpsProxy": "http://proxy.example.com:3128",
        "aws:customCaBundle": str(authority.path),
        "aws:useFipsEndpoint": "true",
        "aws:s3UsePathStyle": "true",
        "aws:endpoints": '[{"s3": "https://elsewhere.test"}]',
    }
    tried = S3Client.connect(Settings(config.get, {}))

    def told(place: BucketRef) -> tuple[Any, Any, str]:
        with tried._opened(place, "AKIAEXAMPLE", SECRET_KEY, {}) as s3:
            verify = s3._endpoint.http_session._verify
            return s3.meta.config.proxies, verify, s3.meta.endpoint_url

    proxies, verify, url = told(BucketRef("b", "eu-west-1"))
    assert proxies == {"https": "http://proxy.example.com:3128"}
    assert (verify, url) == (str(authority.path), "https://s3.eu-west-1.amazonaws.com")
    proxies, verify, url = told(BucketRef("b", "us-east-1", OTHER_STORE))
    assert (not proxies, verify, url) == (True, True, OTHER_STORE)
    _, verify, _ = told(BucketRef("b", "eu-west-1", ca_cert=authority.path.read_text()))
    assert verify not in (True, str(authority.path))


CONFIG = """\
[default]
region = ap-south-1
endpoint_url = https://of-the-config.test
use_fips_endpoint = true
request_checksum_calculation = when_required
s3 =
    addressing_style = path
    use_accelerate_endpoint = true
"""
LEFT_OVER = {
    "AWS_PROFILE": "leftover",
    "AWS_DEFAULT_PROFILE": "leftover",
    "AWS_REGION": "ap-south-1",
    "AWS_DEFAULT_REGION": "ap-south-1\r",
    "AWS_ACCESS_KEY_ID": "AKIAOTHER",
    "AWS_SESSION_TOKEN": "a-token-of-another-key",
    "AWS_ENDPOINT_URL": "https://elsewhere.test",
    "AWS_ENDPOINT_URL_S3": "https://elsewhere.test",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT": "legacy",
    "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
    "AWS_CONFIG_FILE": CONFIG,
}


@pytest.mark.parametrize("variable", LEFT_OVER)
@pytest.mark.parametrize(("region", "url"), [("us-east-1", None), ("eu-west-1", OTHER_STORE)])
def test_given_keys_read_nothing_of_the_environment(
    variable: str, region: str, url: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text(CONFIG)
    value = LEFT_OVER[variable]
    if "PROFILE" in variable:
        aws_session._descriptions.cache_clear()  # the first session of a process reads them
    monkeypatch.setenv(variable, str(tmp_path / "config") if value == CONFIG else value)
    request = sent(BucketRef("the-bucket", region, url))
    where = f"s3.{region}.amazonaws.com" if url is None else "s3.example.com"
    assert request.url == f"https://the-bucket.{where}/k"
    authorization = str(request.headers["Authorization"])
    assert "Credential=AKIAEXAMPLE/" in authorization
    assert f"/{region}/s3/aws4_request" in authorization
    assert "X-Amz-Security-Token" not in request.headers
    assert "x-amz-checksum-crc32" in str(request.headers)


def test_proxies_and_ca_bundles_of_the_environment_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    with small_store(authority.server, StoreOfChunks) as store:
        place = BucketRef("the-bucket", "r", store.url, path_style=True)
        for variable in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
            with monkeypatch.context() as patch:
                patch.setenv(variable, str(authority.path))
                assert S3Client().round_trip(place, "AKIAEXAMPLE", SECRET_KEY, "k") is False
    with small_store() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        place = BucketRef("the-bucket", "r", "http://s3.example.test")
        S3Client().round_trip(place, "AKIAEXAMPLE", SECRET_KEY, "k")
        assert {call.path.partition("?")[0] for call in proxy.calls} == {
            "http://the-bucket.s3.example.test/k",
            "http://the-bucket.s3.example.test/",
        }


@pytest.mark.parametrize(
    ("path_style", "url"),
    [(True, "https://s3.example.com/the-bucket/k"), (False, "https://the-bucket.s3.example.com/k")],
)
def test_the_bucket_is_where_it_is_registered_to_be(path_style: bool, url: str) -> None:
    assert sent(BucketRef("the-bucket", "r", OTHER_STORE, path_style)).url == url


@pytest.mark.parametrize(
    ("bucket", "of_aws"),
    [
        ("the-bucket", "https://the-bucket.s3.eu-west-1.amazonaws.com/k"),
        ("the.bucket", "https://s3.eu-west-1.amazonaws.com/the.bucket/k"),
    ],
)
def test_only_a_sandbox_plays_the_part_of_aws(bucket: str, of_aws: str) -> None:
    there = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    for environment, url in (
        (there, of_aws),
        ({**there, SANDBOX: "a-token"}, f"http://127.0.0.1:1/{bucket}/k"),
    ):
        client = S3Client.connect(Settings(lambda _: None, environment))
        assert sent(BucketRef(bucket, "eu-west-1"), client).url == url


@pytest.mark.parametrize(
    ("url", "aws"),
    [
        (None, True),
        ("https://s3.eu-west-1.amazonaws.com", True),
        ("https://bucket.vpce-1a2b-3c.s3.eu-west-1.vpce.amazonaws.com", True),
        ("https://S3.dualstack.eu-west-1.AMAZONAWS.com:443/", True),
        ("https://s3.eu-west-1.api.aws", True),
        ("https://s3.example.com", False),
        ("https://s3.amazonaws.com.example.com", False),
        ("https://notamazonaws.com", False),
        ("http://store:9000", False),
    ],
)
def test_the_endpoints_of_aws(url: str | None, aws: bool) -> None:
    assert of_aws(url) is aws


@pytest.fixture
def store() -> Iterator[SmallStore]:
    with small_store(kind=StoreOfChunks) as store:
        yield store


VERSITYGW = 'The authorization header is malformed; the region "{}" is wrong; expecting "garage"'
MALFORMED = "AuthorizationHeaderMalformed"


def knows_no_checksums(status: int, code: str) -> Any:
    return lambda call: (status, code, "No.", {}) if call.checksum else None


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "XAmzContentSHA256Mismatch"),
        (400, "InvalidArgument"),
        (400, "BadRequest"),
        (501, "NotImplemented"),
    ],
)
def test_a_store_that_refuses_checksums_is_told_as_such(
    store: SmallStore, status: int, code: str
) -> None:
    store.refuse = knows_no_checksums(status, code)
    with pytest.raises(ApiError) as told:
        tried(store, "us-east-1")
    assert str(told.value).startswith(f"{store.url} refused s3:put_object on the-bucket ({code})")
    assert str(told.value).endswith(CHECKSUMS) and "AWS refused" not in str(told.value)
    assert not told.value.unclear and store.objects == {}


def test_a_store_that_keeps_checksums_in_the_object_is_told_as_such() -> None:
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    with small_store(context) as store:
        pem = ca.cert_pem.bytes().decode()
        place = BucketRef("the-bucket", "r", store.url, path_style=True, ca_cert=pem)
        with pytest.raises(ApiError, match="did not return what was written") as told:
            S3Client().round_trip(place, "AKIAEXAMPLE", SECRET_KEY, "k")
        assert str(told.value).endswith(CHECKSUMS) and store.objects == {}


def test_what_fails_without_checksums_too_has_another_cause(store: SmallStore) -> None:
    store.refuse = lambda call: (400, "InvalidArgument", "No.", {})
    with pytest.raises(ApiError) as told:
        tried(store, "us-east-1")
    assert str(told.value).endswith("(InvalidArgument): No.")
    assert [call.checksum for call in store.calls if call.method == "PUT"] == [True, False]


@pytest.mark.parametrize("code", ["SignatureDoesNotMatch", "NoSuchBucket", MALFORMED])
def test_the_plainer_of_two_refusals_is_told(store: SmallStore, code: str) -> None:
    text = VERSITYGW.format("us-east-1")
    store.refuse = lambda call: (400, "BadDigest" if call.checksum else code, text, {})
    with pytest.raises(ApiError, match=rf"\({code}\)") as told:
        tried(store, "us-east-1")
    assert CHECKSUMS not in str(told.value)


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "AccessDenied"), (403, "SignatureDoesNotMatch"), (404, "NoSuchBucket")],
)
def test_what_is_waited_for_is_tried_once(store: SmallStore, status: int, code: str) -> None:
    store.refuse = knows_no_checksums(status, code)
    with pytest.raises(ApiError, match=code):
        tried(store, "us-east-1")
    assert all(call.checksum for call in store.calls)


def test_aws_is_believed(store: SmallStore) -> None:
    store.refuse = knows_no_checksums(400, "InvalidArgument")
    with pytest.raises(ApiError, match=r"^AWS refused s3:put_object .*: No\.$"):
        S3Client(store.url).round_trip(BucketRef("b", "us-east-1"), "AKIAEXAMPLE", SECRET_KEY, "k")
    assert len(store.calls) == 1
