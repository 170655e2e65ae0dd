"""How MinIO is called."""

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.clients.minio.identity import Identity
from palette_backup_provider.clients.minio.trial import try_key
from palette_backup_provider.core.settings import Settings
from tests.unit.clients.caller import SECRET, STORED, Caller


def minio_client(url: str) -> MinioClient:
    return MinioClient.of(Identity(url=url, user="somebody", password=SECRET))


def minio(url: str, ca: str) -> object:
    return minio_client(url).server()


def minio_trusting(url: str, ca: str) -> object:
    given = {"MINIO_ENDPOINT": url, "MINIO_USER": "me", "MINIO_PASSWORD": SECRET}
    settings = Settings(lambda _: None, {**given, "MINIO_CACERT_FILE": ca})
    return MinioClient.connect(settings).server()


def minio_admin(url: str, ca: str) -> object:
    return minio_client(url).admin("user_info", "somebody")


def minio_content(url: str, ca: str) -> object:
    return try_key(minio_client(url), "a-bucket", "a-key")


THROUGH = "urllib3.poolmanager.PoolManager.urlopen"
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
CALLERS = {
    "minio": Caller(minio, through=THROUGH, bundles=BUNDLES, fully=True),
    "minio admin": Caller(minio_admin, through=THROUGH, bundles=BUNDLES),
    "minio content": Caller(minio_content, put=STORED, through=THROUGH, bundles=BUNDLES),
}
TRUSTING = {"minio": minio_trusting}
