"""Every client, with every kind of credential that an operator may have, and a server that quotes
all it was sent and all it knows: nothing of a secret is in what the person at the terminal reads.
"""

import json
import os
import ssl
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import trustme
from azure.core.pipeline.transport import HttpTransport
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from palette_backup_provider.clients.aws import client as aws
from palette_backup_provider.clients.aws.client import AwsClient, Identity
from palette_backup_provider.clients.aws.trial import Place, S3Client
from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.clients.azure.connection import AzureConnection
from palette_backup_provider.clients.azure.trial import AzureBlobClient, Blobs
from palette_backup_provider.clients.azure.trial import Place as Container
from palette_backup_provider.clients.azure.trial import ServicePrincipalLogin as ServicePrincipal
from palette_backup_provider.clients.gcp import client as gcp
from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.rest import STORAGE
from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.clients.rest import http
from palette_backup_provider.core import secrets
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.settings import Settings
from tests.unit.clients.loopback import listening
from tests.unit.core.echoes import FORMS, shown

GUID = "12345678-1234-1234-1234-123456789abc"
SPELT = ("plain", "Go's JSON", "percent", "base64, user", "upper", "lines", "HTML")


def planted(what: str) -> str:
    """A secret that shares nothing with another, and that is spelt otherwise by most."""
    digest = b64encode(sha256(what.encode()).digest()).decode()
    return f'{digest[:9]}+/&<{digest[9:24]}>"{digest[24:]}'


@dataclass
class Echo:
    """A server that refuses all, and quotes what it was sent and what it knows."""

    url: str
    style: str = "json"
    knows: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)

    def answer(self, call: str, sent: str) -> tuple[int, str]:
        if "openid-configuration" in call:
            login = f"{self.url}/{GUID}/oauth2/v2.0"
            return 200, json.dumps(
                {
                    "token_endpoint": f"{login}/token",
                    "authorization_endpoint": f"{login}/authorize",
                    "issuer": f"{self.url}/{GUID}/v2.0",
                }
            )
        if "/metadata/endpoints" in call:
            cloud = {
                "name": "AzureCloud",
                "authentication": {"loginEndpoint": self.url},
                "resourceManager": self.url,
                "microsoftGraphResourceId": self.url,
            }
            return 200, json.dumps([cloud])
        if self.style == "google" and call == "POST /token":
            return 200, json.dumps({"access_token": self.knows[0], "expires_in": 3600})
        said = [FORMS[spelt](secret) for secret in self.knows for spelt in SPELT]
        text = f"refused {' '.join(said)} {sent}"
        if self.style == "xml":
            error = f"<Code>SignatureDoesNotMatch</Code><Message>{escape(text)}</Message>"
            return 403, f"<Error>{error}</Error>"
        if self.style == "sts":
            error = f"<Code>Denied</Code><Message>{escape(text)}</Message>"
            return 403, f"<ErrorResponse><Error>{error}</Error></ErrorResponse>"
        if self.style == "form":
            return 401, json.dumps(
                {"error": "invalid_client", "error_description": f"AADSTS7000215: {text}"}
            )
        if self.style == "google":
            return 403, json.dumps({"error": {"status": "DENIED", "message": text}})
        return 403, json.dumps({"code": "Denied", "message": text})


@contextmanager
def echoing(tls: ssl.SSLContext | None = None) -> Iterator[Echo]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            server.bodies.append(self.rfile.read(length).decode("utf-8", "replace"))
            sent = f"{self.path} {dict(self.headers)} {server.bodies[-1]}"
            status, content = server.answer(f"{self.command} {self.path}", sent)
            kind = "application/json" if content.startswith(("{", "[")) else "application/xml"
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content.encode())))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content.encode())

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

    with listening(Handler, tls) as url:
        server = Echo(url)
        yield server


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_known", set())


@pytest.fixture
def echo() -> Iterator[Echo]:
    with echoing() as server:
        yield server


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure(ca: trustme.CA) -> Iterator[Echo]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    with echoing(context) as server:
        yield server


def refusal(call: Callable[[], object], *planted: str) -> str:
    """What a person reads of the refusal; nothing of what was planted is in it."""
    with pytest.raises(ProviderError) as caught:
        call()
    error, said = caught.value, str(caught.value)
    for secret in planted:
        assert shown(secret, said) == [], said
        assert shown(secret, repr(error)) == []
        assert shown(secret, secrets.cleared(f"elsewhere {secret}")) == []
    assert error.__suppress_context__ or error.__context__ is None
    return said


def test_palette(echo: Echo) -> None:
    key = "Vh7+key/of==the&tests<b>Zm9vYmFy"
    echo.knows = [key]
    client = PaletteClient.connect(
        Settings({"palette:apiKey": key, "palette:host": echo.url}.get, {})
    )
    assert "Denied" in refusal(lambda: client.call("POST", "/v1/x", {"key": key}), key)


AWS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_REGION": "eu-west-1"}
SECRET_KEY, TOKEN = planted("secret"), planted("token")


def _environment(echo: Echo, folder: Path) -> dict[str, str]:
    return {**AWS, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_SESSION_TOKEN": TOKEN}


def _profile(echo: Echo, folder: Path) -> dict[str, str]:
    file = folder / "credentials"
    file.write_text(
        f"[p]\naws_access_key_id = AKIA\naws_secret_access_key = {SECRET_KEY}\n"
        f"aws_session_token = {TOKEN}\n"
    )
    return {"AWS_REGION": "eu-west-1", "AWS_PROFILE": "p", "AWS_SHARED_CREDENTIALS_FILE": str(file)}


def _process(echo: Echo, folder: Path) -> dict[str, str]:
    told = folder / "told.json"
    told.write_text(
        json.dumps(
            {
                "Version": 1,
                "AccessKeyId": "AKIA",
                "SecretAccessKey": SECRET_KEY,
                "SessionToken": TOKEN,
                "Expiration": "2999-01-01T00:00:00Z",
            }
        )
    )
    file = folder / "config"
    file.write_text(f"[profile p]\ncredential_process = cat {told}\n")
    return {"AWS_REGION": "eu-west-1", "AWS_PROFILE": "p", "AWS_CONFIG_FILE": str(file)}


def _web_identity(echo: Echo, folder: Path) -> dict[str, str]:
    file = folder / "token"
    file.write_text(TOKEN)
    return {
        "AWS_REGION": "eu-west-1",
        "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/r",
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(file),
    }


@pytest.mark.parametrize("way", [_environment, _profile, _process, _web_identity])
def test_aws(
    echo: Echo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: Callable[..., dict[str, str]]
) -> None:
    for name, value in {**way(echo, tmp_path), "AWS_ENDPOINT_URL": echo.url}.items():
        monkeypatch.setenv(name, value)
    echo.style, echo.knows = "sts", [TOKEN] if way is _web_identity else [SECRET_KEY, TOKEN]
    client = AwsClient.connect(Settings(lambda _: None, os.environ))
    assert "refused" in refusal(client.account, *echo.knows)
    under = client.under(Identity(role_arn="arn:aws:iam::123456789012:role/r"))
    refusal(under.account, *echo.knows)


def test_a_given_key_of_s3(echo: Echo) -> None:
    echo.style, echo.knows = "xml", [SECRET_KEY]
    place = Place("b", "eu-west-1", echo.url, path_style=True)
    refusal(lambda: S3Client().round_trip(place, "AKIA", SECRET_KEY, "k"), SECRET_KEY)


def test_minio(echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    password = planted("minio")
    echo.style, echo.knows = "xml", [password]
    names = {"MINIO_ENDPOINT": echo.url, "MINIO_USER": "root", "MINIO_PASSWORD": password}
    client = MinioClient.connect(Settings(lambda _: None, names))
    assert "refused" in refusal(client.server, password)
    refusal(lambda: client.admin("user_info", "u"), password)


def _service_account(echo: Echo) -> tuple[dict[str, Any], list[str]]:
    key = (
        rsa.generate_private_key(65537, 2048)
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )
    found = {
        "type": "service_account",
        "client_email": "a@b.iam.gserviceaccount.com",
        "private_key": key,
        "private_key_id": "1a2b",
        "token_uri": f"{echo.url}/token",
    }
    return found, [line for line in key.splitlines() if not line.startswith("-")]


def _user(echo: Echo) -> tuple[dict[str, Any], list[str]]:
    known = [planted("refresh"), planted("client")]
    found = {
        "type": "authorized_user",
        "client_id": "1-a.apps.googleusercontent.com",
        "refresh_token": known[0],
        "client_secret": known[1],
        "token_uri": f"{echo.url}/token",
    }
    return found, known


@pytest.mark.parametrize("by", ["setting", "file"])
@pytest.mark.parametrize("way", [_service_account, _user])
def test_google(
    echo: Echo,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: Callable[[Echo], tuple[dict[str, Any], list[str]]],
    by: str,
) -> None:
    content, echo.knows = way(echo)
    echo.style = "form"
    endpoint = "google.oauth2.credentials._GOOGLE_OAUTH2_TOKEN_ENDPOINT"
    monkeypatch.setattr(endpoint, content["token_uri"])  # it does not read that of a user's file
    config = {"gcp:project": "my-project"}
    if by == "setting":
        config["gcp:credentials"] = json.dumps(content)
    else:
        (tmp_path / "adc.json").write_text(json.dumps(content))
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "adc.json"))
    client = GcpClient.connect(Settings(config.get, os.environ))
    said = refusal(client.project, *echo.knows)
    assert "refused to sign in" in said
    for assertion in parse_qs(echo.bodies[-1]).get("assertion", []):  # signed with the key
        assert shown(assertion, secrets.cleared(f"it is {assertion}")) == []


@pytest.mark.parametrize("impersonate", [None, "other@b.iam.gserviceaccount.com"])
def test_google_access_token(echo: Echo, impersonate: str | None) -> None:
    content, _ = _service_account(echo)
    echo.style, echo.knows = "google", [planted("access")]
    config = {
        "gcp:project": "my-project",
        "gcp:credentials": json.dumps(content),
        "gcp:storageCustomEndpoint": echo.url,
        "gcp:iamCredentialsCustomEndpoint": echo.url,
    }
    client = GcpClient.connect(Settings(config.get, {}))
    if impersonate:
        client = client.under(gcp.Identity(impersonate=impersonate))
    said = refusal(lambda: client.call(STORAGE, "GET", "/storage/v1/b/x"), *echo.knows)
    assert "Google refused" in said


def _azure(secure: Echo, ca: trustme.CA, folder: Path) -> dict[str, str]:
    file = folder / "ca.pem"
    ca.cert_pem.write_to_path(str(file))
    return {
        "azure-native:metadataHost": secure.url.removeprefix("https://"),
        "palette:azureCaCert": str(file),
        "azure-native:tenantId": GUID,
        "azure-native:subscriptionId": GUID,
        "azure-native:clientId": GUID,
        "azure-native:clientSecret": planted("azure"),
    }


def test_azure(secure: Echo, ca: trustme.CA, tmp_path: Path) -> None:
    config = _azure(secure, ca, tmp_path)
    secure.style, secure.knows = "form", [config["azure-native:clientSecret"]]
    client = AzureClient.connect(Settings(config.get, {}))
    assert "did not let us sign in" in refusal(client.subscription, *secure.knows)


@pytest.mark.parametrize(
    "variable",
    ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "ARM_SAS_TOKEN", "MSI_SECRET"],
)
def test_what_azure_identity_reads_of_the_environment(variable: str) -> None:
    secret = planted(variable)
    Settings(lambda _: None, {variable: secret})
    assert shown(secret, secrets.cleared(f"it is {secret}")) == []


@pytest.mark.parametrize(
    "variable", ["AZURE_FEDERATED_TOKEN_FILE", "AZURE_CLIENT_CERTIFICATE_PATH"]
)
def test_what_azure_identity_reads_of_files(
    secure: Echo, ca: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    secret = planted(variable)
    (tmp_path / "file").write_text(secret)
    monkeypatch.setenv(variable, str(tmp_path / "file"))
    config = _azure(secure, ca, tmp_path)
    secure.style = "form"
    refusal(AzureClient.connect(Settings(config.get, {})).tenant)
    assert shown(secret, secrets.cleared(f"it is {secret}")) == []


def test_a_given_client_secret_of_azure(secure: Echo, ca: trustme.CA, tmp_path: Path) -> None:
    secret = planted("given")
    secure.style, secure.knows = "form", [secret]
    secrets.remember(secret)  # as every model does with what is marked
    reach = AzureConnection.connect(Settings(_azure(secure, ca, tmp_path).get, {}))
    where = Container("public", GUID, "g", "account", "c")
    blobs = AzureBlobClient(reach)
    given = ServicePrincipal(GUID, GUID, secret)
    refusal(lambda: blobs.round_trip(where, given, "n"), secret)
    key = "Zm9vYmFyYmF6cXV4" * 5 + "Zm9v/+=="
    secure.style, secure.knows = "xml", [key]
    opened = Blobs.opened(reach, secure.url, "account", key, "c")
    refusal(lambda: opened.put("n", b""), key)


PASSWORD = "pa55/of+the&proxy"
CONFIG = {
    "palette:apiKey": "Vh7-key-of-the-tests",
    "aws:region": "eu-west-1",
    "azure-native:tenantId": GUID,
    "azure-native:clientId": GUID,
    "azure-native:clientSecret": "s3cr3t-of-azure",
    "gcp:project": "my-project",
    "gcp:credentials": json.dumps(_user(Echo("https://127.0.0.1:1"))[0]),
    "minio:minioUser": "root",
    "minio:minioPassword": "s3cr3t-of-minio",
}
NOBODY = f"mallory7:{PASSWORD}@127.0.0.1:1"
ASKS: dict[str, Callable[[Settings], object]] = {
    "palette": lambda settings: PaletteClient.connect(settings).tenant(),
    "aws": lambda settings: AwsClient.connect(settings).account(),
    "azure": lambda settings: AzureClient.connect(settings).tenant(),
    "google": lambda settings: GcpClient.connect(settings).project(),
    "minio": lambda settings: MinioClient.connect(settings).server(),
}


@pytest.mark.parametrize("client", ASKS)
@pytest.mark.parametrize("proxy", [f"http://{NOBODY}", NOBODY, f"http://x:p%40{PASSWORD}@y z"])
def test_the_password_of_a_proxy_is_in_no_error(
    monkeypatch: pytest.MonkeyPatch, client: str, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    quotes_no_password(monkeypatch, client, {"minio:minioServer": "https://127.0.0.2:1"})


@pytest.mark.parametrize("scheme", ["https://", "http://", ""])
@pytest.mark.parametrize(
    ("client", "name"),
    [
        ("palette", "PALETTE_HOST"),
        ("palette", "palette:host"),
        ("aws", "AWS_ENDPOINT_URL"),
        ("azure", "ARM_METADATA_HOSTNAME"),
        ("google", "GOOGLE_STORAGE_CUSTOM_ENDPOINT"),
        ("google", "gcp:storageCustomEndpoint"),
        ("minio", "MINIO_ENDPOINT"),
    ],
)
def test_the_password_in_an_address_is_in_no_error(
    monkeypatch: pytest.MonkeyPatch, client: str, name: str, scheme: str
) -> None:
    more = {}
    if ":" in name:
        more = {name: f"{scheme}{NOBODY}"}
    else:
        monkeypatch.setenv(name, f"{scheme}{NOBODY}")
    quotes_no_password(monkeypatch, client, more)


def quotes_no_password(monkeypatch: pytest.MonkeyPatch, client: str, more: dict[str, str]) -> None:
    monkeypatch.setattr(http, "TRIES", 1)
    monkeypatch.setattr(HttpTransport, "sleep", lambda *_: None)
    monkeypatch.setattr(aws, "RETRIES", {"max_attempts": 0})
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cr3t-of-aws")
    with pytest.raises(Exception) as caught:  # what is no error of ours is shown cleared, too
        ASKS[client](Settings({**CONFIG, **more}.get, os.environ))
    said = secrets.cleared("".join(traceback.format_exception(caught.value)))
    assert shown(PASSWORD, said) == [] and "of+the&proxy" not in said, said


def test_a_service_is_named_without_its_userinfo() -> None:
    assert str(http.Service("Azure", "https://me:pa55@host:1", "", "")) == "Azure at host:1"
