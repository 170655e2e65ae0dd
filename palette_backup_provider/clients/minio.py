"""MinIO, or any store that speaks S3, through minio-py, which is imported with the first call."""

import io
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator

from palette_backup_provider.clients.endpoint import Pem, certificates, endpoint, host
from palette_backup_provider.clients.minio_errors import sdk, translated
from palette_backup_provider.clients.minio_pool import pool
from palette_backup_provider.core.errors import ApiError, BadSetting
from palette_backup_provider.core.model import Model, Sensitive
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.settings import Settings

REGION = "us-east-1"
"""MinIO's own default."""
NOT_SIGNED_IN = {"InvalidAccessKeyId", "SignatureDoesNotMatch"}
NOT_YET = NOT_SIGNED_IN | {"AccessDenied", "NoSuchBucket"}
"""What a store answers while a new user, attachment or bucket has not reached all its servers."""
PAGE = 1000
"""How many objects are asked for at once."""
_CONTENT = b"palette-backup"


def api(value: str) -> str:
    """`value`, if it can be the endpoint of an S3 API."""
    try:
        return endpoint(value)
    except ValueError as error:
        console = " Is it the console's, as a browser shows it?" if "/" in value[8:] else ""
        raise ValueError(f"{error}.{console}") from None


ApiEndpoint = Annotated[str, AfterValidator(api)]


class Identity(Model):
    """A server, and as whom to use it."""

    url: ApiEndpoint
    user: str
    password: Sensitive[str]
    region: str = REGION
    ca_cert: Pem | None = None


class MinioClient:
    """One server under one user, shared by all threads."""

    def __init__(self, identity: Callable[[], Identity]) -> None:
        self._read = identity
        self._identity: Identity | None = None
        self._lock = threading.RLock()
        self._opened: tuple[Any, Any] | None = None
        self._signed_in = False

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """The settings are read with the first call: who has an identity of his own needs none."""
        return cls(lambda: _configured(settings))

    @classmethod
    def of(cls, identity: Identity) -> Self:
        """The client of that identity."""
        return cls(lambda: identity)

    def under(self, identity: Identity) -> "MinioClient":
        """The client that acts under `identity`."""
        return MinioClient.of(identity)

    @property
    def identity(self) -> Identity:
        """The server and the user, from the settings unless given."""
        sdk()  # what nothing works without is asked for before any setting
        with self._lock:
            self._identity = self._identity or self._read()
            return self._identity

    def server(self) -> str:
        """Host and port of the server, once it has let us in; asked once a process."""
        with self._lock:
            if not self._signed_in:
                self.sign_in()
                self._signed_in = True
        return host(self.identity.url)

    def sign_in(self) -> None:
        """One call that tells whether this is an S3 API, and whether it knows the user."""
        try:
            self.s3("list_buckets")
        except ApiError as error:
            if error.code != "AccessDenied":  # known, and not allowed to list
                raise

    def another_secret(self, user: str, secret: str) -> bool:
        """Whether the secret of a user or access key is confirmed to be another one."""
        try:
            self.of(self.identity.model_copy(update={"user": user, "password": secret})).sign_in()
        except ApiError as error:
            if error.unclear:
                raise
            return error.code == "SignatureDoesNotMatch"
        return False

    def s3(self, operation: str, *arguments: Any, **params: Any) -> Any:
        """One call of the S3 API."""

        def call() -> Any:
            return getattr(self._open()[0], operation)(*arguments, **params)

        return translated(f"s3:{operation}", self.identity.url, call)

    def objects(self, bucket: str, prefix: str = "", *, versions: bool = False) -> list[Any]:
        """The first objects, or versions of objects, whose keys begin with `prefix`."""

        def call() -> list[Any]:
            found = self._open()[0].list_objects(
                bucket, prefix=prefix, recursive=True, include_version=versions
            )
            return list(islice(found, PAGE))

        return translated("s3:list_objects", self.identity.url, call)

    def tag(self, bucket: str, tags: Mapping[str, str]) -> None:
        """Give the bucket these tags and no others."""
        from minio.commonconfig import Tags

        wanted = Tags.new_bucket_tags()
        wanted.update(tags)
        self.s3("set_bucket_tags", bucket, wanted)

    def remove(self, bucket: str, found: Iterable[Any]) -> list[Any]:
        """Delete these objects, or versions; what could not be deleted, and why."""
        from minio.deleteobjects import DeleteObject

        gone = [DeleteObject(each.object_name, each.version_id) for each in found]
        removing = self.s3("remove_objects", bucket, gone)
        return translated("s3:remove_objects", self.identity.url, lambda: list(removing))

    def admin(self, operation: str, *arguments: Any, **params: Any) -> dict[str, Any]:
        """One call of MinIO's admin API, and the JSON it answers."""

        def call() -> dict[str, Any]:
            text: str = getattr(self._open()[1], operation)(*arguments, **params)
            found: dict[str, Any] = json.loads(text) if text.strip() else {}
            return found

        return translated(f"admin:{operation}", self.identity.url, call)

    def round_trip(self, bucket: str, key: str) -> bool:
        """Put, get, list and delete the object `key`; whether that left versions of it behind."""
        put = self.s3("put_object", bucket, key, io.BytesIO(_CONTENT), len(_CONTENT))
        try:
            body = self._content(bucket, key)
            listed = [found.object_name for found in self.objects(bucket, key)]
            if body != _CONTENT or listed != [key]:
                raise ApiError(f"{bucket} did not return what was written", status=0)
        finally:
            self.s3("remove_object", bucket, key)
        return put.version_id is not None

    def _content(self, bucket: str, key: str) -> bytes:
        answer = self.s3("get_object", bucket, key)
        try:
            content: bytes = translated("s3:get_object", self.identity.url, answer.read)
            return content
        finally:
            answer.close()
            answer.release_conn()

    def _open(self) -> tuple[Any, Any]:
        """minio-py's two clients: S3's and the admin API's."""
        with self._lock:
            if self._opened is None:
                minio = sdk()
                from minio.credentials.providers import StaticProvider

                own = self.identity
                parts = urlsplit(own.url)
                how: dict[str, Any] = {
                    "endpoint": parts.netloc,
                    "credentials": StaticProvider(own.user, own.password),
                    "secure": parts.scheme == "https",
                    "region": own.region,
                    "http_client": pool(own.url, own.ca_cert),
                }
                self._opened = minio.Minio(**how), minio.MinioAdmin(**how)
            return self._opened


def _configured(settings: Settings) -> Identity:
    """The names are those of MinIO's own Pulumi provider, today's and yesterday's."""
    server = settings.require("minio:minioServer", "MINIO_ENDPOINT")
    tls = settings.flag("minio:minioSsl", "MINIO_ENABLE_HTTPS")
    url = server if "://" in server else f"{'https' if tls else 'http'}://{server}"
    try:
        api(url)
    except ValueError as error:
        raise BadSetting(f"minio:minioServer: {error}") from None
    user = settings.get("minio:minioAccessKey", "MINIO_ACCESS_KEY")
    password = settings.get("minio:minioSecretKey", "MINIO_SECRET_KEY")
    remember(password)
    return Identity(
        url=url,
        user=settings.get("minio:minioUser", "MINIO_USER")
        or user
        or settings.require("minio:minioUser", "MINIO_USER"),
        password=settings.get("minio:minioPassword", "MINIO_PASSWORD")
        or password
        or settings.require("minio:minioPassword", "MINIO_PASSWORD", secret=True),
        region=settings.get("minio:minioRegion", "MINIO_REGION") or REGION,
        ca_cert=_ca_cert(settings.get("minio:minioCacertFile", "MINIO_CACERT_FILE")),
    )


def _ca_cert(path: str | None) -> str | None:
    if path is None:
        return None
    try:
        return certificates(Path(path).expanduser().read_text())
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise BadSetting(f"minio:minioCacertFile: {path}: {reason}.") from None
