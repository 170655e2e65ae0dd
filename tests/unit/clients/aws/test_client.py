"""What AWS's answers become when they cannot be read."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from palette_backup_provider.clients.aws import session as aws_session
from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.clients.aws.errors import to_api_error
from palette_backup_provider.clients.aws.identity import Identity
from palette_backup_provider.clients.aws.s3_answers import S3
from palette_backup_provider.core.errors import ApiError, BadSetting, NotFound, again
from palette_backup_provider.core.settings import Settings

BROKEN_OFF = "<SecretAccessKey>wSxkrB2pEMBNAAE9lD4oi6uA"


PAGE = f"<html><body>{'Blocked. ' * 99}</body></html>"
BROKEN_PAGE = PAGE.replace("</body>", "<br>")


READS = [what[3:] for what in S3 if what.startswith(("s3:get_", "s3:list_"))]
"""The operations of S3 whose answers have a body."""


class Broken:
    """A client of boto3 whose answers break off."""

    def create_access_key(self, **params: Any) -> Any:
        raise ResponseParserError(f"Unable to parse response, invalid XML received: {BROKEN_OFF}")


def test_an_answer_that_broke_off_does_not_show_the_secret_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    aws = AwsClient(region="us-east-1", profile=None)
    monkeypatch.setattr(aws, "_client", lambda service, region: Broken())
    with pytest.raises(ApiError, match="could not be read") as found:
        aws.call("iam", "create_access_key", UserName="u")
    assert found.value.unclear
    assert BROKEN_OFF not in str(found.value)
    assert found.value.__cause__ is None and found.value.__suppress_context__


def answering(monkeypatch: pytest.MonkeyPatch, status: int, page: str) -> AwsClient:
    """A client to which every answer is that page."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cr3t-0f-th3-acc3ss-k3y")

    def send(request: Any, **_: Any) -> AWSResponse:
        raw: Any = SimpleNamespace(stream=lambda: [page.encode()])
        return AWSResponse(request.url, status, HTTPHeaders(), raw)

    aws = AwsClient(region="us-east-1", profile=None)
    for service in ("iam", "s3", "sts"):
        aws._client(service, "us-east-1").meta.events.register("before-send", send)
    return aws


@pytest.mark.parametrize(
    ("status", "page"),
    [
        (403, PAGE),
        (404, PAGE),
        (404, BROKEN_PAGE),
        (407, "Blocked."),
        (404, ""),
    ],
)
@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [("iam", "get_user", {"UserName": "u"}), ("s3", "get_bucket_policy", {"Bucket": "b"})],
)
def test_the_page_of_a_proxy_is_no_answer_of_aws(
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    page: str,
    service: str,
    operation: str,
    params: dict[str, str],
) -> None:
    aws = answering(monkeypatch, status, page)
    with pytest.raises(ApiError, match=f"^AWS {service}:{operation}: the answer .*not be") as found:
        aws.call(service, operation, **params)
    assert not isinstance(found.value, NotFound) and found.value.unclear
    assert "Blocked" not in str(found.value)
    if page == PAGE:
        assert f"the answer (status {status}) could not be read" in str(found.value)


@pytest.mark.parametrize("page", [PAGE, "<Garbled/>"])
@pytest.mark.parametrize("operation", READS)
def test_xml_of_somebody_else_is_no_answer_of_s3(
    monkeypatch: pytest.MonkeyPatch, operation: str, page: str
) -> None:
    aws = answering(monkeypatch, 200, page)
    with pytest.raises(ApiError, match="could not be read"):
        aws.call("s3", operation, Bucket="the-bucket")


def test_the_answer_to_a_head_has_no_body(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotFound, match="404"):
        answering(monkeypatch, 404, "").call("s3", "head_bucket", Bucket="the-bucket")
    with pytest.raises(ApiError, match="403") as found:
        answering(monkeypatch, 403, "").call("s3", "head_bucket", Bucket="the-bucket")
    assert found.value.status == 403


@pytest.mark.parametrize("status", [500, 502])
def test_a_server_in_trouble_is_asked_again(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    with pytest.raises(ApiError, match="Run it again; if it stays so, look at what is") as found:
        answering(monkeypatch, status, PAGE).call("sts", "get_caller_identity")
    assert found.value.unclear


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("MalformedPolicy", "Invalid principal in policy"),
        ("MalformedPolicyDocument", 'Invalid principal in policy: "AWS":"arn:aws:iam::1:role/r"'),
    ],
)
def test_a_principal_that_is_not_there_is_told_with_what_to_do(code: str, message: str) -> None:
    answer: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": 400},
    }
    told = str(to_api_error("iam:create_role", ClientError(answer, "CreateRole")))
    assert message in told and told.endswith("Correct its ARN, or make it first.")


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("SignatureDoesNotMatch", "Correct the secret access key."),
        ("InvalidAccessKeyId", "Check that the access key is of this store, and active."),
    ],
)
def test_a_key_that_is_refused_comes_with_a_hint(code: str, hint: str) -> None:
    answer: Any = {
        "Error": {"Code": code, "Message": "No."},
        "ResponseMetadata": {"HTTPStatusCode": 403},
    }
    told = str(to_api_error("s3:put_object on b", ClientError(answer, "PutObject")))
    assert told == f"AWS refused s3:put_object on b ({code}): No. {hint}"


@pytest.fixture
def profiles(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine whose only credentials are those of a profile for GovCloud."""
    (tmp_path / "config").write_text("[profile gov]\nregion = us-gov-west-1\n")
    (tmp_path / "keys").write_text("[gov]\naws_access_key_id = A\naws_secret_access_key = s\n")
    for variable in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "keys"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def test_a_profile_brings_its_region_along(profiles: None) -> None:
    gov = Identity(profile="gov")
    assert AwsClient(region=None, profile="gov").region == "us-gov-west-1"
    assert AwsClient(region="us-east-1", profile=None).under(gov).region == "us-gov-west-1"
    assert AwsClient(region="us-gov-east-1", profile="gov").region == "us-gov-east-1"
    assert AwsClient(region=None, profile=None).region == "us-east-1"


def test_a_role_needs_credentials_to_assume_it_with(profiles: None) -> None:
    role = Identity(role_arn="arn:aws:iam::123456789012:role/deployer")
    with pytest.raises(ApiError, match=r"Unable to locate credentials\. Set AWS_PROFILE or"):
        AwsClient(region="us-east-1", profile=None).under(role).account()


def test_a_refusal_is_one_line_whatever_is_in_it() -> None:
    answer: Any = {
        "Error": {"Code": "Access\nDenied", "Message": "No.\r\nNever."},
        "ResponseMetadata": {"HTTPStatusCode": 403},
    }
    told = str(to_api_error("s3:get_bucket_tagging", ClientError(answer, "GetBucketTagging")))
    assert told == "AWS refused s3:get_bucket_tagging (Access Denied): No. Never."


@pytest.mark.parametrize("value", ["eu-west-1\r", " eu-west-1 ", "eu-west-1\n"])
def test_a_region_loses_what_surrounds_it(profiles: None, value: str) -> None:
    settings = Settings(lambda _: None, {"AWS_REGION": value})
    assert AwsClient.connect(settings).region == "eu-west-1"


@pytest.mark.parametrize(
    ("region", "endpoint", "says"),
    [
        ("eu west 1", None, "'eu west 1' doesn't match a supported format. Check aws:region"),
        ("eu-west-1", "http://[::1", r"Check aws:region .* the endpoint \(\$AWS_ENDPOINT_URL"),
    ],
)
def test_a_region_or_an_endpoint_that_is_none_is_told(
    profiles: None, monkeypatch: pytest.MonkeyPatch, region: str, endpoint: str | None, says: str
) -> None:
    if endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    with pytest.raises(BadSetting, match=says):
        AwsClient(region=region, profile="gov").account()


@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_CA_BUNDLE"])
def test_what_botocore_reads_itself_has_nothing_around_it(
    profiles: None, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "a-secret-value\r")
    with pytest.raises(BadSetting, match=rf"^\${name} begins or ends with blanks") as told:
        AwsClient(region="eu-west-1", profile=None).account()
    assert "a-secret-value" not in str(told.value)


def test_what_botocore_knows_of_aws_is_read_once() -> None:
    one, other = aws_session.session(), aws_session.session()
    loaders = [each._session.get_component("data_loader") for each in (one, other)]
    assert loaders[0] is loaders[1]


def test_whatever_botocore_raises_of_a_call_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def odd(**_: Any) -> None:
        raise OSError("an odd\nthing")

    aws = AwsClient(region="us-east-1", profile=None)
    monkeypatch.setattr(aws, "_client", lambda *_: SimpleNamespace(get_user=odd))
    with pytest.raises(ApiError) as refused:
        aws.call("iam", "get_user", UserName="u")
    assert str(refused.value) == f"AWS iam:get_user: OSError: an odd thing. {again('AWS')}"
