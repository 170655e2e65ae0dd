"""What each setting of MinIO does."""

import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme
import urllib3

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core.errors import ApiError, BadSetting
from palette_backup_provider.core.secrets import SECRET, cleared
from tests.contract.settings_case import Case, shows
from tests.unit.clients.loopback import Reply, serve

LISTED = "<ListAllMyBucketsResult><Buckets></Buckets></ListAllMyBucketsResult>"


def connected(case: Case) -> MinioClient:
    return MinioClient.connect(case.settings)


def settled(case: Case, server: str = "http://minio.example.com:9000") -> None:
    """A server and an administrator, but for what is looked at."""
    given = {"minioServer": server, "minioUser": "root", "minioPassword": "the-root-s-secret"}
    for name, value in given.items():
        if f"minio:{name}" != case.key.name:
            case.config(f"minio:{name}", value)


def sent(case: Case) -> list[tuple[str, dict[str, str]]]:
    """The address and the headers of each call, none of which is answered."""
    found: list[tuple[str, dict[str, str]]] = []

    def urlopen(pool: Any, method: str, url: str, **how: Any) -> Any:
        found.append((url, dict(how["headers"])))
        raise urllib3.exceptions.HTTPError("nobody")

    case.patch.setattr(urllib3.PoolManager, "urlopen", urlopen)
    with pytest.raises(ApiError):
        connected(case).sign_in()
    return found


@shows("minio:minioServer")
def server(case: Case) -> None:
    settled(case)
    for written in ("store.example.com:9000", "http://store.example.com:9000"):
        case.set(written)
        assert connected(case).identity.url == "http://store.example.com:9000"


@shows("minio:minioUser", "minio:minioAccessKey")
def user(case: Case) -> None:
    settled(case)
    if case.key.name == "minio:minioAccessKey":
        case.config("minio:minioUser", "")
    case.set("operator")
    assert "Credential=operator/" in sent(case)[0][1]["Authorization"]


@shows("minio:minioPassword", "minio:minioSecretKey")
def password(case: Case) -> None:
    settled(case)
    if case.key.name == "minio:minioSecretKey":
        case.config("minio:minioPassword", "")
    case.set("the-operator-s-secret")
    assert connected(case).identity.password == "the-operator-s-secret"
    assert cleared("the-operator-s-secret") == SECRET


@shows("minio:minioSessionToken")
def session_token(case: Case) -> None:
    settled(case)
    case.set("the-token-of-the-session")
    assert sent(case)[0][1]["X-Amz-Security-Token"] == "the-token-of-the-session"
    assert cleared("the-token-of-the-session") == SECRET
    other = connected(case).identity.of("somebody", "else")
    assert "the-token-of-the-session" not in str(other.model_dump())


@shows("minio:minioRegion")
def region(case: Case) -> None:
    settled(case)
    case.set("garage")
    assert "/garage/s3/" in sent(case)[0][1]["Authorization"]


@shows("minio:minioSsl")
def tls(case: Case) -> None:
    settled(case, "minio.example.com:9000")
    assert sent(case)[0][0].startswith("http://")
    case.set("true")
    assert sent(case)[0][0].startswith("https://")


class Certificates:
    """A server with a certificate of a CA of its own, which asks for one too."""

    def __init__(self, folder: Path, *, asks: bool) -> None:
        ca = trustme.CA()
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ca.issue_cert("127.0.0.1").configure_cert(self.server)
        self.ca, self.cert, self.key = (str(folder / f"{name}.pem") for name in ("ca", "c", "k"))
        ca.cert_pem.write_to_path(self.ca)
        client = ca.issue_cert("operator@example.com")
        client.cert_chain_pems[0].write_to_path(self.cert)
        client.private_key_pem.write_to_path(self.key)
        if asks:
            ca.configure_trust(self.server)
            self.server.verify_mode = ssl.CERT_REQUIRED


def calls(case: Case, certificates: Certificates) -> None:
    """One call to a server with these certificates."""
    with serve(certificates.server) as store:
        store.otherwise = Reply(200, LISTED)
        case.config("minio:minioServer", store.url)
        connected(case).sign_in()


@shows("minio:minioInsecure", "minio:minioCacertFile")
def verified(case: Case) -> None:
    certificates = Certificates(case.folder, asks=False)
    settled(case)
    with pytest.raises(ApiError, match="certificate"):
        calls(case, certificates)
    case.set("true" if case.key.name == "minio:minioInsecure" else certificates.ca)
    calls(case, certificates)


@shows("minio:minioCertFile", "minio:minioKeyFile")
def client_certificate(case: Case) -> None:
    certificates = Certificates(case.folder, asks=True)
    settled(case)
    case.config("minio:minioCacertFile", certificates.ca)
    with pytest.raises(ApiError):
        calls(case, certificates)
    case.also("minio:minioCertFile", certificates.cert)
    case.also("minio:minioKeyFile", certificates.key)
    calls(case, certificates)
    case.set("/no/such/file")
    with pytest.raises(BadSetting, match=r"minio:minioCertFile and minio:minioKeyFile: .*No such"):
        calls(case, certificates)
    case.unset()
    with pytest.raises(BadSetting, match=r"go together\. Set both"):
        calls(case, certificates)
