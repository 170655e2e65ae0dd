"""An error that doctor can find out more about names the check, and there is that check."""

from collections.abc import Callable

import pytest

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.rest import PROJECTS
from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.clients.minio.identity import Identity
from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.clients.rest.deadline import answering
from palette_backup_provider.core.errors import ApiError, ProviderError, without_pointers
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.doctor.checks import CHECKS
from tests.unit.clients.loopback import Reply, serve

CLOSED = "http://127.0.0.1:9"
S3 = "<Error><Code>{0}</Code><Message>no</Message></Error>"
XML = f"<ErrorResponse>{S3}</ErrorResponse>"
TYPE = {"Content-Type": "application/xml"}


def settings(**given: str) -> Settings:
    return Settings({name.replace("_", ":"): value for name, value in given.items()}.get, {})


def palette(url: str) -> object:
    return PaletteClient.connect(settings(palette_apiKey="key", palette_host=url)).tenant()


def aws(url: str) -> object:
    keys = {"aws_accessKey": "AKIA", "aws_secretKey": "secret", "aws_maxRetries": "1"}
    return AwsClient.connect(settings(**keys, aws_endpoints=f'{{"sts": "{url}"}}')).account()


def gcp(url: str) -> object:
    keys = {"gcp_accessToken": "token", "gcp_project": "my-project"}
    client = GcpClient.connect(settings(**keys, gcp_resourceManagerCustomEndpoint=url))
    return client.call(PROJECTS, "GET", "/v1/projects/my-project")


def minio(url: str) -> object:
    keys = {"minio_minioUser": "user", "minio_minioPassword": "password"}
    return MinioClient.connect(settings(**keys, minio_minioServer=url)).s3("list_buckets")


CASES: list[tuple[Callable[[str], object], Reply | None, str]] = [
    (palette, None, "palette.reachable"),
    (palette, Reply(401, {"code": "ResourceNotFound", "message": "x"}), "palette.key"),
    (palette, Reply(403, {"code": "OperationForbidden", "message": "x"}), "palette.create"),
    (aws, None, "aws.sign-in"),
    (aws, Reply(403, XML.format("InvalidClientTokenId")), "aws.sign-in"),
    (aws, Reply(403, XML.format("ExpiredTokenException")), "aws.sign-in"),
    (aws, Reply(403, XML.format("AccessDenied")), "aws.permissions"),
    (gcp, None, "gcp.sign-in"),
    (gcp, Reply(401, {"error": {"message": "no"}}), "gcp.sign-in"),
    (gcp, Reply(403, {"error": {"message": "no"}}), "gcp.permissions"),
    (minio, None, "minio.sign-in"),
    (minio, Reply(403, S3.format("InvalidAccessKeyId"), TYPE), "minio.sign-in"),
    (minio, Reply(403, S3.format("AccessDenied"), TYPE), "minio.permissions"),
]


@pytest.mark.parametrize(("call", "reply", "check"), CASES)
def test_an_error_names_the_check(
    call: Callable[[str], object], reply: Reply | None, check: str
) -> None:
    with serve() as server, pytest.raises(ProviderError) as told, answering("it", seconds=0.4):
        server.otherwise = reply or Reply()
        call(server.url if reply else CLOSED)
    text = str(told.value)
    assert text.endswith(f" `palette-backup doctor --only {check}` finds out more.")
    assert check in {one.id for one in CHECKS}
    assert "doctor" not in without_pointers(text)


def test_azure_names_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProviderError, match=r"doctor --only azure\.sign-in` finds out more\."):
        AzureClient.connect(settings()).tenant()


@pytest.mark.parametrize(
    ("code", "status", "check"),
    [("AuthorizationFailed", 403, "permissions"), ("InvalidAuthenticationToken", 401, "sign-in")],
)
def test_azure_s_refusals_name_the_check(
    code: str, status: int, check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = AzureClient.connect(settings())
    monkeypatch.setattr(client, "_token", lambda _: "token")
    with serve() as server, pytest.raises(ProviderError) as told:
        server.otherwise = Reply(status, {"error": {"code": code, "message": "no"}})
        cloud = client.connection.cloud()
        moved = cloud.__class__(**{**vars(cloud), "arm": server.url})
        monkeypatch.setattr(client.connection, "cloud", lambda: moved)
        client.arm("GET", "/subscriptions/x", version="1")
    assert f"doctor --only azure.{check}`" in str(told.value)


def test_the_credential_of_a_location_is_none_of_the_operator_s() -> None:
    theirs = Identity(url=CLOSED, user="theirs", password="password")
    with pytest.raises(ApiError) as told, answering("it", seconds=0.4):
        MinioClient.of(theirs).s3("list_buckets")
    assert "doctor" not in str(told.value)


def test_a_check_is_named_once() -> None:
    error = ApiError("It failed", status=403).see("aws.permissions").see("aws.sign-in")
    assert str(error).count("doctor") == 1
