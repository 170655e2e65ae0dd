"""MinIO, or any store that speaks S3, through minio-py, which is imported with the first call."""

import threading
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from palette_backup_provider.clients.minio import settings as minio_settings
from palette_backup_provider.clients.minio.errors import NoAdminApi, sdk, with_api_errors
from palette_backup_provider.clients.minio.identity import Identity, Operator, operator_of
from palette_backup_provider.clients.minio.pool import PLAIN, Tls, pool
from palette_backup_provider.clients.rest.endpoint import host, is_address
from palette_backup_provider.core.errors import ApiError, sentence
from palette_backup_provider.core.settings import Settings

T = TypeVar("T")

NOT_SIGNED_IN = {"InvalidAccessKeyId", "SignatureDoesNotMatch"}
NOT_YET = NOT_SIGNED_IN | {"AccessDenied", "NoSuchBucket"}
"""What a store answers while a new user, attachment or bucket has not reached all its servers."""
PAGE = 1000
"""How many objects are asked for at once."""


class MinioClient:
    """One server under one user, shared by all threads."""

    def __init__(self, identity: Callable[[], Identity]) -> None:
        self._read = identity
        self._identity: Identity | None = None
        self._lock = threading.RLock()
        self._opened: tuple[Any, Any] | None = None
        self._signed_in = self._administered = False

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """The settings are read with the first call: who has an identity of his own needs none."""

        def identity() -> Identity:
            operator = operator_of(settings)
            minio_settings.NAMESPACE.validate(settings)
            return operator

        return cls(identity)

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

    def demand_admin_api(self) -> None:
        """Raise NoAdminApi where the server is no MinIO; asked once a process."""
        with self._lock:
            if not self._administered:
                try:
                    self.admin("list_service_account", self.identity.user)
                except ApiError as error:
                    if isinstance(error, NoAdminApi) or error.unclear:
                        raise  # any other refusal is MinIO's own
                self._administered = True

    def another_secret(self, user: str, secret: str) -> bool:
        """Whether the server confirms that a user or access key has another secret."""
        try:
            self.under(self.identity.of(user, secret)).sign_in()
        except ApiError as error:
            if error.unclear:
                raise
            return error.code == "SignatureDoesNotMatch"
        return False

    def s3(self, operation: str, *arguments: Any, **params: Any) -> Any:
        """One call of the S3 API, of which `minio_answers` says what is read."""

        def call() -> Any:
            return getattr(self._s3(*arguments[:1]), operation)(*arguments, **params)

        return self._read_of_s3(operation, call)

    def objects(self, bucket: str, prefix: str = "", *, versions: bool = False) -> list[Any]:
        """The first objects, or versions of objects, whose keys begin with `prefix`."""

        def call() -> list[Any]:
            listing = self._s3(bucket).list_objects(
                bucket, prefix=prefix, recursive=True, include_version=versions
            )
            return list(islice(listing, PAGE))

        listed: list[Any] = self._read_of_s3("list_objects", call)
        return listed

    def folders(self, bucket: str) -> list[str]:
        """The folders at the top of the bucket."""

        def call() -> list[Any]:
            listing = self._s3(bucket).list_objects(bucket)
            return list(islice((item for item in listing if item.is_dir), PAGE))

        return [item.object_name for item in self._read_of_s3("list_objects", call)]

    def tag(self, bucket: str, tags: Mapping[str, str]) -> None:
        """Give the bucket these tags and no others."""
        from minio.commonconfig import Tags

        bucket_tags = Tags.new_bucket_tags()
        bucket_tags.update(tags)
        self.s3("set_bucket_tags", bucket, bucket_tags)

    def remove(self, bucket: str, objects: Iterable[Any]) -> list[Any]:
        """Delete these objects, or versions; what could not be deleted, and why."""
        from minio.deleteobjects import DeleteObject

        gone = [DeleteObject(each.object_name, each.version_id) for each in objects]
        refused: list[Any] = self._read_of_s3(
            "remove_objects", lambda: list(self._s3(bucket).remove_objects(bucket, gone))
        )
        return refused

    def admin(self, operation: str, *arguments: Any, **params: Any) -> dict[str, Any]:
        """One call of MinIO's admin API, and the JSON it answers."""
        from palette_backup_provider.clients.minio.answers import ADMIN
        from palette_backup_provider.clients.rest.answers import checked, decoded

        def call() -> str:
            text: str = getattr(self._open()[1], operation)(*arguments, **params)
            return text.strip()

        what, url, shape = f"admin:{operation}", self.identity.url, ADMIN[operation]
        body = self._answer(what, call).encode()
        answer: dict[str, Any] = checked(decoded(body, url, what) or {}, shape, url, what)
        return answer

    def content(self, bucket: str, key: str) -> bytes:
        """All of one object."""
        answer = self.s3("get_object", bucket, key)
        try:
            content: bytes = self._answer("s3:get_object", answer.read)
            return content
        finally:
            answer.close()
            answer.release_conn()

    def _read_of_s3(self, operation: str, call: Callable[[], Any]) -> Any:
        from palette_backup_provider.clients.minio.answers import S3
        from palette_backup_provider.clients.rest.answers import checked

        what, url, shape = f"s3:{operation}", self.identity.url, S3[operation]
        return checked(self._answer(what, call), shape, url, what)

    def _answer(self, what: str, call: Callable[[], T]) -> T:
        """What the library makes of the answer. An error of an operator's call names the check of
        doctor that finds out more."""
        own = self.identity
        try:
            return with_api_errors(what, own.url, call, own.ca_cert)
        except ApiError as error:
            if isinstance(own, Operator):
                unknown = error.code in NOT_SIGNED_IN
                error.see_cloud("minio", unknown=unknown, denied=error.code == "AccessDenied")
            raise

    def _s3(self, bucket: str = "") -> Any:
        """minio-py's client for S3; refuses what can be no bucket's name, as minio-py would."""
        from minio.helpers import check_bucket_name

        try:
            if bucket:
                check_bucket_name(bucket)
        except ValueError as error:
            raise ApiError(
                f"{self.identity.url}: {sentence(str(error))} Correct the bucket's name.",
                status=400,
            ) from None
        return self._open()[0]

    def _open(self) -> tuple[Any, Any]:
        """minio-py's two clients: S3's and the admin API's."""
        with self._lock:
            if self._opened is None:
                minio = sdk()
                from minio.credentials.providers import StaticProvider

                own = self.identity
                parts = urlsplit(own.url)
                operator = own if isinstance(own, Operator) else None
                token = operator.session_token if operator else None
                tls = (
                    Tls(operator.insecure, operator.cert_file, operator.key_file)
                    if operator
                    else PLAIN
                )
                how: dict[str, Any] = {
                    "endpoint": parts.netloc,
                    "credentials": StaticProvider(own.user, own.password, token),
                    "secure": parts.scheme == "https",
                    "region": own.region,
                    "http_client": pool(own.url, own.ca_cert, tls),
                }
                try:
                    self._opened = minio.Minio(**how), minio.MinioAdmin(**how)
                except ValueError as error:
                    raise ApiError(
                        f"{own.url}: {sentence(str(error))} Correct the server's address "
                        f"(minio:minioServer, or url), or the region.",
                        status=400,
                    ) from None
                # minio-py would choose by the host; what is registered says it
                if own.force_path_style or is_address(own.url):
                    self._opened[0].disable_virtual_style_endpoint()
                else:
                    self._opened[0].enable_virtual_style_endpoint()
            return self._opened
