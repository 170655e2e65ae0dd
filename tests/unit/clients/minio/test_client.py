import ssl
from pathlib import Path

import pytest
import trustme

from palette_backup_provider.clients.minio.answers import S3
from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.clients.minio.errors import NO_S3_API, NO_TLS, SPEAKS_TLS, UNKNOWN_CA
from palette_backup_provider.clients.minio.identity import Identity
from palette_backup_provider.core.errors import ApiError, BadSetting, MissingSetting
from palette_backup_provider.core.settings import Settings
from tests.unit.clients.loopback import Reply, serve

LIST = (
    '<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Buckets/>'
    "</ListAllMyBucketsResult>"
)
XML = {"Content-Type": "application/xml"}
READS = ["list_buckets", *(name for name in S3 if name.startswith("get_bucket_"))]
"""What minio-py makes of an answer at once. It tells XML without a lock from no lock by nothing."""


def client(url: str, ca_cert: str | None = None) -> MinioClient:
    return MinioClient.of(
        Identity(url=url, user="somebody", password="a-password", ca_cert=ca_cert)
    )


def configured(**environment: str) -> MinioClient:
    return MinioClient.connect(Settings(lambda _: None, environment))


def refusal(of: MinioClient) -> ApiError:
    with pytest.raises(ApiError) as caught:
        of.server()
    assert "a-password" not in str(caught.value)
    return caught.value


def test_a_server_that_lets_us_in_is_asked_once() -> None:
    with serve() as server:
        server.on("GET /", Reply(200, LIST, XML))
        minio = client(server.url)
        assert minio.server() == minio.server() == server.url.removeprefix("http://")
        assert server.calls() == ["GET /"]


def test_a_user_who_may_not_list_buckets_is_let_in() -> None:
    with serve() as server:
        server.on("GET /", Reply(403, "<Error><Code>AccessDenied</Code></Error>", XML))
        assert client(server.url).server()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, "<!doctype html><p>a page</p>", {"Content-Type": "text/html"}),
        Reply(400, "<Error><Code>InvalidArgument</Code></Error>", {"Content-Type": "text/plain"}),
        Reply(404, "<p>nothing here</p>", {"Content-Type": "text/html"}),
    ],
)
def test_a_console_is_told_from_an_api(reply: Reply) -> None:
    with serve() as server:
        server.on("GET /", reply)
        assert NO_S3_API in str(refusal(client(server.url)))


@pytest.mark.parametrize("operation", READS)
def test_xml_of_somebody_else_is_no_answer_of_s3(operation: str) -> None:
    bucket = [] if operation == "list_buckets" else ["the-bucket"]
    with serve() as server:
        server.otherwise = Reply(200, "<Garbled/>", XML)
        with pytest.raises(ApiError, match="could not be read"):
            client(server.url).s3(operation, *bucket)


def test_a_gateway_that_fails_is_no_console() -> None:
    with serve() as server:
        server.on("GET /", Reply(500, "<h1>oops</h1>", {"Content-Type": "text/html"}))
        error = refusal(client(server.url))
        assert NO_S3_API not in str(error)
        assert error.unclear


def test_http_to_a_port_with_tls_is_told() -> None:
    body = "Client sent an HTTP request to an HTTPS server.\n"
    with serve() as server:  # as Go's servers answer
        server.on("GET /", Reply(400, body))
        assert SPEAKS_TLS in str(refusal(client(server.url)))


def test_https_to_a_port_without_tls_is_told() -> None:
    with serve() as server:
        assert NO_TLS in str(refusal(client(server.url.replace("http:", "https:"))))


def test_a_certificate_of_an_own_ca_needs_that_ca() -> None:
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    with serve(context) as server:
        server.on("GET /", Reply(200, LIST, XML))
        assert UNKNOWN_CA in str(refusal(client(server.url)))
        assert client(server.url, ca.cert_pem.bytes().decode()).server()


def test_a_redirect_is_not_followed() -> None:
    with serve() as server, serve() as other:
        server.on("GET /", Reply(307, "", {"Location": other.url}))
        refusal(client(server.url))
        assert other.calls() == []


@pytest.mark.parametrize(
    ("server", "tls", "url"),
    [
        ("minio.example.com:9000", "false", "http://minio.example.com:9000"),
        ("minio.example.com:9000", "true", "https://minio.example.com:9000"),
        ("https://minio.example.com", "false", "https://minio.example.com"),
    ],
)
def test_settings_are_those_of_minios_own_provider(server: str, tls: str, url: str) -> None:
    own = configured(
        MINIO_ENDPOINT=server,
        MINIO_ENABLE_HTTPS=tls,
        MINIO_USER="me",
        MINIO_PASSWORD="a-password",
    ).identity
    assert (own.url, own.user, own.password, own.region) == (url, "me", "a-password", "us-east-1")
    old = configured(MINIO_ENDPOINT=server, MINIO_ACCESS_KEY="me", MINIO_SECRET_KEY="a-password")
    assert (old.identity.user, old.identity.password) == ("me", "a-password")


def test_settings_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    with pytest.raises(MissingSetting, match="minio:minioServer"):
        _ = configured().identity
    with pytest.raises(MissingSetting, match="--secret minio:minioPassword"):
        _ = configured(MINIO_ENDPOINT="h", MINIO_USER="me").identity
    with pytest.raises(BadSetting, match="Is it the console's"):
        _ = configured(MINIO_ENDPOINT="https://h:9001/browser").identity
    file = tmp_path / "ca.pem"
    whole = {"MINIO_ENDPOINT": "h", "MINIO_USER": "me", "MINIO_PASSWORD": "a-password"}
    with pytest.raises(BadSetting, match="No such file"):
        _ = configured(**whole, MINIO_CACERT_FILE=str(file)).identity
    file.write_text("nonsense")
    with pytest.raises(BadSetting, match="is not a PEM certificate"):
        _ = configured(**whole, MINIO_CACERT_FILE=str(file)).identity
    pem = trustme.CA().cert_pem.bytes().decode()
    file.write_text(pem)
    assert configured(**whole, MINIO_CACERT_FILE=str(file)).identity.ca_cert == pem
