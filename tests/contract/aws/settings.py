"""What each setting of AWS does."""

import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.httpsession import URLLib3Session

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.clients.aws.setup import Setup
from palette_backup_provider.core.complete import complete
from palette_backup_provider.core.errors import ApiError, BadSetting
from palette_backup_provider.core.secrets import SECRET, cleared
from palette_backup_provider.resources import aws
from tests.contract.settings_case import Case, shows, whole
from tests.unit.clients.authority import Authority

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deployer"
NAMESPACE = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'


@dataclass
class Asked:
    """One request that reached AWS."""

    url: str
    headers: dict[str, str]
    form: dict[str, str]
    verify: Any
    proxies: dict[str, str]

    @property
    def key(self) -> str:
        """The access key that signed it; empty where nothing did."""
        return self.headers.get("Authorization", "").partition("Credential=")[2].partition("/")[0]


@dataclass
class Sts:
    """AWS, which answers as STS does, and gives each role a key of its own."""

    asked: list[Asked] = field(default_factory=list)

    def called(self, action: str) -> list[Asked]:
        return [one for one in self.asked if one.form.get("Action") == action]

    def send(self, session: Any, request: Any) -> AWSResponse:
        body = request.body.decode() if isinstance(request.body, bytes) else request.body or ""
        headers = {
            name: value.decode() if isinstance(value, bytes) else value
            for name, value in request.headers.items()
        }
        proxies = session._proxy_config._proxies
        form = dict(parse_qsl(body))
        self.asked.append(Asked(request.url, headers, form, session._verify, proxies))
        text = self._answer(form)
        raw: Any = SimpleNamespace(stream=lambda: [text.encode()])
        return AWSResponse(request.url, 200, HTTPHeaders(), raw)

    def _answer(self, form: dict[str, str]) -> str:
        action = form.get("Action", "")
        if action == "GetCallerIdentity":
            arn = f"<Arn>arn:aws:iam::{ACCOUNT}:user/u</Arn><UserId>U</UserId>"
            return _xml(action, f"{arn}<Account>{ACCOUNT}</Account>")
        name = form.get("RoleArn", "").rpartition("/")[2].upper()
        key = f"<AccessKeyId>ASIA{name}</AccessKeyId><SecretAccessKey>of-{name}</SecretAccessKey>"
        ends = "<Expiration>2099-01-01T00:00:00Z</Expiration>"
        keys = f"<Credentials>{key}<SessionToken>token-{name}</SessionToken>{ends}</Credentials>"
        who = f"<AssumedRoleUser><Arn>{ROLE}</Arn><AssumedRoleId>A:s</AssumedRoleId>"
        return _xml(action, f"{keys}{who}</AssumedRoleUser>")


def _xml(action: str, content: str) -> str:
    result = f"<{action}Result>{content}</{action}Result>"
    return f"<{action}Response {NAMESPACE}>{result}</{action}Response>"


def sts(case: Case) -> Sts:
    """AWS, instead of the network."""
    found = Sts()
    case.patch.setattr(
        URLLib3Session, "send", lambda session, request: found.send(session, request)
    )
    return found


def keyed(case: Case) -> None:
    """Have a key that acts."""
    case.patch.setenv("AWS_ACCESS_KEY_ID", "AKIAFIRST")
    case.patch.setenv("AWS_SECRET_ACCESS_KEY", "the-first-secret")


def connected(case: Case) -> AwsClient:
    return AwsClient.connect(case.settings)


def caller(case: Case) -> Asked:
    """The call that asks who acts."""
    cloud = sts(case)
    assert connected(case).account() == ACCOUNT
    return cloud.called("GetCallerIdentity")[0]


@shows("aws:region")
def region(case: Case) -> None:
    case.set("eu-west-3")
    assert connected(case).region == "eu-west-3"


@shows("aws:profile")
def profile(case: Case) -> None:
    keys = "[nightly]\naws_access_key_id = AKIANIGHTLY\naws_secret_access_key = of-the-night\n"
    case.patch.setenv("AWS_SHARED_CREDENTIALS_FILE", case.file("keys", keys))
    case.set("nightly")
    assert caller(case).key == "AKIANIGHTLY"
    keyed(case)
    assert caller(case).key == ("AKIANIGHTLY" if case.in_config else "AKIAFIRST")


@shows("aws:accessKey", "aws:secretKey", "aws:token")
def keys(case: Case) -> None:
    case.patch.setenv("AWS_PROFILE", "that-is-nowhere") if case.in_config else None
    case.also("aws:accessKey", "AKIAGIVEN")
    case.also("aws:secretKey", "the-secret-that-is-given")
    case.also("aws:token", "the-token-that-is-given")
    asked = caller(case)
    assert asked.key == "AKIAGIVEN"
    assert asked.headers["X-Amz-Security-Token"] == "the-token-that-is-given"
    assert cleared("the-secret-that-is-given the-token-that-is-given") == f"{SECRET} {SECRET}"
    if case.in_config and case.key.name != "aws:token":
        case.unset()
        with pytest.raises(BadSetting, match=rf"^{case.key.name} is not set, and the rest of the"):
            connected(case)


@shows("aws:sharedConfigFiles", "aws:sharedCredentialsFiles")
def files(case: Case) -> None:
    config = case.key.name == "aws:sharedConfigFiles"
    text = f"[{'profile ' if config else ''}nightly]\naws_access_key_id = AKIANIGHTLY\n"
    path = case.file("shared", f"{text}aws_secret_access_key = of-the-night\n")
    case.set([path] if case.in_config else path)
    case.config("aws:profile", "nightly")
    assert caller(case).key == "AKIANIGHTLY"
    if case.in_config:
        case.set([path, path])
        with pytest.raises(BadSetting, match=f"{case.key.name} names 2 files, and one is read"):
            connected(case)
        case.set(["/no/such/file"])
        with pytest.raises(BadSetting, match=f"{case.key.name}: there is no file /no/such/file"):
            connected(case)


@shows("aws:assumeRoles", "aws:assumeRole")
def roles(case: Case) -> None:
    keyed(case)
    role = {
        "roleArn": ROLE,
        "externalId": "an-id",
        "sessionName": "nightly",
        "duration": "1h30m",
        "policy": '{"Statement": []}',
        "policyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        "tags": {"team": "backup"},
        "transitiveTagKeys": ["team"],
        "sourceIdentity": "somebody",
    }
    last = {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/last"}
    chain = case.key.name == "aws:assumeRoles"
    case.set([role, last] if chain else role)
    cloud = sts(case)
    assert connected(case).account() == ACCOUNT
    first = cloud.called("AssumeRole")[0]
    assert first.key == "AKIAFIRST"
    assert first.form == {
        "Action": "AssumeRole",
        "Version": "2011-06-15",
        "RoleArn": ROLE,
        "ExternalId": "an-id",
        "RoleSessionName": "nightly",
        "DurationSeconds": "5400",
        "Policy": '{"Statement": []}',
        "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "Tags.member.1.Key": "team",
        "Tags.member.1.Value": "backup",
        "TransitiveTagKeys.member.1": "team",
        "SourceIdentity": "somebody",
    }
    if chain:
        assert cloud.called("AssumeRole")[1].key == "ASIADEPLOYER"
    assert cloud.called("GetCallerIdentity")[0].key == ("ASIALAST" if chain else "ASIADEPLOYER")


@shows("aws:assumeRoleWithWebIdentity")
def web_identity(case: Case) -> None:
    path = case.file("token", "the-first-token\n")
    case.set({"roleArn": ROLE, "webIdentityTokenFile": path, "duration": "1h"})
    cloud = sts(case)
    assert connected(case).account() == ACCOUNT
    asked = cloud.called("AssumeRoleWithWebIdentity")[0]
    assert (asked.key, asked.form["WebIdentityToken"]) == ("", "the-first-token")
    assert asked.form["DurationSeconds"] == "3600"
    assert cloud.called("GetCallerIdentity")[0].key == "ASIADEPLOYER"
    assert cleared("the-first-token") == SECRET


@shows("aws:allowedAccountIds", "aws:forbiddenAccountIds")
def accounts(case: Case) -> None:
    keyed(case)
    allowed = case.key.name == "aws:allowedAccountIds"
    case.set(["999999999999"] if allowed else [ACCOUNT])
    cloud = sts(case)
    client = connected(case)
    with pytest.raises(BadSetting, match=rf"belong to {ACCOUNT} .* and {case.key.name} .*Nothing"):
        client.call("iam", "create_user", UserName="u")
    assert {one.form["Action"] for one in cloud.asked} == {"GetCallerIdentity"}
    case.set([12345678901])  # as `pulumi config set --path` makes of what begins with a zero
    setup = Setup.read(case.settings)
    assert (setup.allowed if allowed else setup.forbidden) == {"012345678901"}
    case.set([ACCOUNT] if allowed else ["999999999999"])
    assert connected(case).account() == ACCOUNT


@shows("aws:defaultTags")
def default_tags(case: Case) -> None:
    case.set({"tags": {"team": "platform", "cost": "1", "stage": "live"}})
    case.config("palette:tags", {"cost": "2", "stage": "test"})
    for kind in (aws.Bucket, aws.Policy, aws.Role, aws.User):
        given = {"tags": {"stage": "mine"}}
        found = complete(kind.handler.state_type, given, set(), {}, case.settings)
        assert found["tags"] == {"team": "platform", "cost": "2", "stage": "mine"}


@shows("aws:endpoints")
def endpoints(case: Case) -> None:
    keyed(case)
    case.set([{"s3": "https://s3.example.com", "dynamodb": "https://no.example.com"}])
    client = connected(case)
    assert client._client("s3", "eu-west-1").meta.endpoint_url == "https://s3.example.com"
    assert client._client("iam", "eu-west-1").meta.endpoint_url == "https://iam.amazonaws.com"
    case.set([{"sts": "https://sts.example.com"}])
    assert caller(case).url == "https://sts.example.com/"


@shows("aws:stsRegion")
def sts_region(case: Case) -> None:
    keyed(case)
    case.config("aws:region", "eu-west-1")
    case.config("aws:assumeRoles", [{"roleArn": ROLE}])
    case.set("us-east-2")
    cloud = sts(case)
    assert connected(case).account() == ACCOUNT
    assert {one.url for one in cloud.asked} == {"https://sts.us-east-2.amazonaws.com/"}


@shows("aws:useFipsEndpoint")
def fips(case: Case) -> None:
    keyed(case)
    case.set("true")
    found = connected(case)._client("sts", "us-east-1").meta.endpoint_url
    assert found == "https://sts-fips.us-east-1.amazonaws.com"


@shows("aws:useDualstackEndpoint")
def dualstack(case: Case) -> None:
    keyed(case)
    case.set("true")
    found = connected(case)._client("s3", "us-east-1").meta.endpoint_url
    assert found == "https://s3.dualstack.us-east-1.amazonaws.com"


@shows("aws:s3UsePathStyle")
def path_style(case: Case) -> None:
    keyed(case)
    cloud = sts(case)
    for value, url in (("false", "//the-bucket.s3.amazonaws.com/"), ("true", "/the-bucket")):
        case.set(value)
        connected(case).call("s3", "head_bucket", Bucket="the-bucket")
        assert cloud.asked[-1].url.endswith(url)


@shows("aws:customCaBundle")
def ca_bundle(case: Case) -> None:
    keyed(case)
    path = str(Authority(case.folder).path)
    case.set(path)
    assert caller(case).verify == path


@shows("aws:httpProxy", "aws:httpsProxy")
def proxy(case: Case) -> None:
    keyed(case)
    case.set("http://proxy.example.com:3128")
    assert caller(case).proxies["https"] == "http://proxy.example.com:3128"
    case.set("nonsense:///")
    with pytest.raises(BadSetting, match=f"{case.key.name} is not the address of a proxy"):
        caller(case)


@shows("aws:noProxy")
def no_proxy(case: Case) -> None:
    keyed(case)
    case.patch.setenv("HTTPS_PROXY", "http://of-the-environment.example.com:3128")
    assert caller(case).proxies
    case.set("example.com, .amazonaws.com")
    assert not caller(case).proxies
    case.config("aws:httpsProxy", "http://proxy.example.com:3128")
    assert not caller(case).proxies
    case.set("example.com")
    assert caller(case).proxies


@shows("aws:maxRetries", "aws:retryMode")
def retries(case: Case) -> None:
    keyed(case)
    tries = case.key.name == "aws:maxRetries"
    case.set("9" if tries else "adaptive")
    found = connected(case)._client("sts", "us-east-1").meta.config.retries
    assert found["total_max_attempts"] == (9 if tries else 6)
    assert found["mode"] == ("standard" if tries else "adaptive")
    case.set("0" if tries else "sometimes")
    with pytest.raises(BadSetting, match=f"{case.key.name} is '(0|sometimes)'\\. It takes"):
        connected(case)


@shows("aws:ec2MetadataServiceEndpoint", "aws:ec2MetadataServiceEndpointMode")
def metadata(case: Case) -> None:
    case.patch.delenv("AWS_EC2_METADATA_DISABLED")
    address = case.key.name == "aws:ec2MetadataServiceEndpoint"
    case.set("http://127.0.0.1:9/" if address else "IPv6")
    cloud = sts(case)
    with pytest.raises(ApiError):
        connected(case).account()
    assert cloud.asked[0].url.startswith("http://127.0.0.1:9/" if address else "http://[fd00:ec2")


@shows("aws:skipMetadataApiCheck")
def no_metadata(case: Case) -> None:
    case.patch.delenv("AWS_EC2_METADATA_DISABLED")
    case.set("true")
    cloud = sts(case)
    with pytest.raises(ApiError, match="Unable to locate credentials"):
        connected(case).account()
    assert not cloud.asked


WRONG: dict[str, tuple[Any, str]] = {
    "no list": ({"aws:assumeRoles": "{}"}, "aws:assumeRoles is not a list"),
    "no map": ({"aws:assumeRoles": '["a"]'}, "aws:assumeRoles is no map"),
    "misspelt": ({"aws:assumeRoles": '[{"rolArn": "a"}]'}, "aws:assumeRoles: r"),
    "no arn": ({"aws:assumeRoles": '[{"roleArn": "deployer"}]'}, "roleArn: 'deployer' is not"),
    "duration": (
        {"aws:assumeRoles": json.dumps([{"roleArn": ROLE, "duration": "3600"}])},
        "duration: is no length of time",
    ),
    "too long": (
        {"aws:assumeRoles": json.dumps([{"roleArn": ROLE, "duration": "13h"}])},
        "duration: is a length of time that AWS does not take",
    ),
    "policy": (
        {"aws:assumeRoles": json.dumps([{"roleArn": ROLE, "policy": "{"}])},
        "policy: is no JSON",
    ),
    "both": (
        {"aws:assumeRoles": json.dumps([{"roleArn": ROLE}]), "aws:assumeRole": "{}"},
        "exclude each other",
    ),
    "no token": (
        {"aws:assumeRoleWithWebIdentity": json.dumps({"roleArn": ROLE})},
        "has both or none of webIdentityToken and webIdentityTokenFile",
    ),
    "account": ({"aws:allowedAccountIds": '["prod"]'}, "It takes AWS accounts, of 12 digits"),
    "accounts": ({"aws:allowedAccountIds": '{"a": 1}'}, "aws:allowedAccountIds is not a list"),
    "endpoints": ({"aws:endpoints": "https://a"}, "aws:endpoints is not a list of maps"),
}


@shows("palette:iamPath")
def iam_path(case: Case) -> None:
    case.set("/backup/")
    assert {whole(case, kind)["path"] for kind in (aws.User, aws.Role, aws.Policy)} == {"/backup/"}


@shows("palette:permissionsBoundary")
def boundary(case: Case) -> None:
    case.set("arn:aws:iam::123456789012:policy/edge")
    assert whole(case, aws.User)["permissions_boundary"].endswith("policy/edge")
