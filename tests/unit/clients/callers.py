"""Every way in which the clients call out, each as one call to a server on this machine."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.clients.aws.trial import Place, S3Client
from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.clients.azure.clouds import PUBLIC, Cloud
from palette_backup_provider.clients.azure.connection import AzureConnection, send
from palette_backup_provider.clients.azure.ways import Way
from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.rest import STORAGE, Rest
from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.clients.minio.identity import Identity
from palette_backup_provider.clients.minio.trial import try_key
from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core.settings import Settings

SECRET = "the-secret-of-the-caller"


@dataclass(frozen=True)
class Caller:
    """One call to the server at `url`, with what it finds in the environment."""

    call: Callable[[str, str], object]
    """Given the server's URL, and the path of the CA that vouches for it."""
    environment: Callable[[str], dict[str, str]] = lambda url: {}
    tls: bool = False
    """Whether it calls over TLS only."""
    put: bytes = b""
    """What the server answers to a PUT, which comes before the call that counts."""
    through: str = "requests.sessions.Session.send"
    """The library's function that it goes through, whose every error has to be told."""
    bundles: tuple[str, ...] = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    """The variables that its CAs may come from, the first that is set; none for plain http."""
    signs_in: bool = False
    """Whether it is the sign-in that meets the server."""


def settings(**given: str) -> Settings:
    config = {name.replace("_", ":", 1): value for name, value in given.items()}
    return Settings(config.get, {})


def palette(url: str, ca: str) -> object:
    return PaletteClient.connect(
        settings(palette_apiKey=SECRET, palette_host=url, palette_insecure="true")
    ).tenant()


@cache
def private_key() -> str:
    made = rsa.generate_private_key(65537, 2048)
    return made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def google(url: str, ca: str) -> object:
    rest = Rest(settings(gcp_storageCustomEndpoint=url), dict)
    return rest.call(STORAGE, "GET", "/storage/v1/b")


def google_sign_in(url: str, ca: str) -> object:
    account = {
        "type": "service_account",
        "client_email": "a@a-project.iam.gserviceaccount.com",
        "private_key": private_key(),
        "token_uri": f"{url}/token",
    }
    given = settings(
        gcp_storageCustomEndpoint=url, gcp_credentials=json.dumps(account), gcp_project="a-project"
    )
    return GcpClient.connect(given).project()


def google_metadata(url: str, ca: str) -> object:
    return GcpClient.connect(settings(gcp_storageCustomEndpoint=url)).project()


def azure(url: str, ca: str) -> object:
    return send(
        AzureConnection(PUBLIC, None, None).http("Azure", url, dict), "GET", "/subscriptions/s"
    )


class Elsewhere(AzureConnection):
    """A cloud that is all at one address."""

    def __init__(self, url: str, ca: str | None) -> None:
        super().__init__(PUBLIC, "there", ca)
        login = url if url.startswith("https") else PUBLIC.login  # azure-identity takes no other
        self._there = replace(PUBLIC, login=login, arm=url, graph=url)

    def cloud(self, name: str | None = None) -> Cloud:
        return self._there


def azure_client(url: str, ca: str | None, client_id: str | None) -> AzureClient:
    return AzureClient(
        Elsewhere(url, ca),
        tenant="a-tenant",
        subscription="s",
        way=Way(client_id=client_id, client_secret=client_id and SECRET),
    )


def azure_sign_in(url: str, ca: str) -> object:
    return azure_client(url, ca, "c").subscription()


def azure_managed(url: str, ca: str) -> object:
    return azure_client(url, None, None).subscription()


def aws(url: str, ca: str) -> object:
    return AwsClient(region="us-east-1", profile=None).call("sts", "get_caller_identity")


def s3(url: str, ca: str) -> object:
    place = Place("a-bucket", "us-east-1", url, path_style=True)
    return S3Client().round_trip(place, "AKIAEXAMPLE", SECRET, "a-key")


def minio_client(url: str) -> MinioClient:
    return MinioClient.of(Identity(url=url, user="somebody", password=SECRET))


def minio(url: str, ca: str) -> object:
    return minio_client(url).server()


def minio_admin(url: str, ca: str) -> object:
    return minio_client(url).admin("user_info", "somebody")


def minio_content(url: str, ca: str) -> object:
    return try_key(minio_client(url), "a-bucket", "a-key")


def gce(url: str) -> dict[str, str]:
    return {"GCE_METADATA_IP": url.partition("://")[2]}


def app_service(url: str) -> dict[str, str]:
    return {"IDENTITY_ENDPOINT": url, "IDENTITY_HEADER": SECRET}


def aws_keys(url: str) -> dict[str, str]:
    keys = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET}
    return {"AWS_ENDPOINT_URL": url, **keys}


def ec2(url: str) -> dict[str, str]:
    return {"AWS_EC2_METADATA_SERVICE_ENDPOINT": url}


STORED = b'HTTP/1.1 200 OK\r\nETag: "e"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'
BOTOCORE = "botocore.endpoint.Endpoint.make_request"
MINIO = "urllib3.poolmanager.PoolManager.urlopen"
OF_AWS = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")
OF_MINIO = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
CALLERS = {
    "palette": Caller(palette),
    "google": Caller(google),
    "google sign-in": Caller(
        google_sign_in,
        through="google.oauth2.service_account.Credentials.refresh",
        signs_in=True,
    ),
    "google metadata": Caller(
        google_metadata, gce, through="google.auth.default", bundles=(), signs_in=True
    ),
    "azure": Caller(azure),
    "azure sign-in": Caller(
        azure_sign_in,
        tls=True,
        through="azure.identity.ClientSecretCredential.get_token",
        bundles=(),  # it has a CA of its own
        signs_in=True,
    ),
    "azure managed identity": Caller(
        azure_managed,
        app_service,
        through="azure.identity.DefaultAzureCredential.get_token",
        bundles=(),
        signs_in=True,
    ),
    "aws": Caller(aws, aws_keys, through="botocore.credentials.EnvProvider.load", bundles=OF_AWS),
    "aws metadata": Caller(
        aws,
        ec2,
        through="botocore.credentials.InstanceMetadataProvider.load",
        bundles=(),
        signs_in=True,
    ),
    "s3": Caller(s3, through=BOTOCORE, bundles=OF_AWS),
    "s3 content": Caller(s3, put=STORED, through=BOTOCORE, bundles=OF_AWS),
    "minio": Caller(minio, through=MINIO, bundles=OF_MINIO),
    "minio admin": Caller(minio_admin, through=MINIO, bundles=OF_MINIO),
    "minio content": Caller(minio_content, put=STORED, through=MINIO, bundles=OF_MINIO),
}
PROXIED = [name for name, caller in CALLERS.items() if caller.tls or caller.bundles]
"""Those that reach their server over TLS, as they reach a cloud."""


def called(
    name: str,
    port: int,
    ca: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    host: str = "127.0.0.1",
    tls: bool = False,
) -> object:
    """The call, made to that port of the host."""
    caller = CALLERS[name]
    url = f"{'https' if tls or caller.tls else 'http'}://{host}:{port}"
    environment = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    environment |= {"CLOUDSDK_CONFIG": os.devnull, "AZURE_CONFIG_DIR": os.devnull}
    for variable, value in (environment | caller.environment(url)).items():
        monkeypatch.setenv(variable, value)
    return caller.call(url, str(ca))
