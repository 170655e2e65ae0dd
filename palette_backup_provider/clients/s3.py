"""The S3 protocol with one given key: what Velero will do with it, tried beforehand."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import NamedTemporaryFile
from typing import Any, Self

from palette_backup_provider.clients.aws import REFUSED, RETRIES, TIMEOUTS, refused, sdk, unreadable
from palette_backup_provider.core.errors import ApiError, sentence
from palette_backup_provider.core.settings import Settings

NOT_YET = REFUSED | {
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "NoSuchBucket",
}
"""What AWS answers while a new key, attachment or bucket has not reached every server."""


@dataclass(frozen=True)
class Place:
    """A bucket, and how to reach it."""

    bucket: str
    region: str
    url: str | None = None
    path_style: bool = False
    ca_cert: str | None = None
    """PEM."""


class S3Client:
    """Short-lived clients with keys of their own, from one session: a new one costs 70 ms."""

    def __init__(self) -> None:
        self._session: Any = None
        self._lock = threading.Lock()

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls()

    def round_trip(self, place: Place, access_key: str, secret_key: str, key: str) -> bool:
        """Put, get, list and delete the object `key`; whether that left versions of it behind.

        Raises ApiError with the code that the store gave.
        """
        with self._opened(place, access_key, secret_key) as s3:
            call = _caller(s3, place.bucket)
            put = call("put_object", Key=key, Body=b"palette-backup")
            try:
                body = call("get_object", Key=key)["Body"]
                listed = call("list_objects_v2", Prefix=key).get("Contents", [])
                if body != b"palette-backup" or [o["Key"] for o in listed] != [key]:
                    raise ApiError(f"{place.bucket} did not return what was written", status=0)
            except BaseException:
                with suppress(ApiError):
                    call("delete_object", Key=key)
                raise
            call("delete_object", Key=key)
            return "VersionId" in put

    @contextmanager
    def _opened(self, place: Place, access_key: str, secret_key: str) -> Iterator[Any]:
        from botocore.config import Config

        style = {"addressing_style": "path" if place.path_style else "auto"}
        with _ca_file(place.ca_cert) as verify:
            with self._lock:
                self._session = self._session or sdk().Session()
                client = self._session.client(
                    "s3",
                    region_name=place.region,
                    endpoint_url=place.url,
                    verify=verify,
                    aws_access_key_id=access_key,
                    aws_secret_access_key=secret_key,
                    config=Config(retries=RETRIES, s3=style, **TIMEOUTS),
                )
            try:
                yield client
            finally:
                client.close()


def _caller(s3: Any, bucket: str) -> Callable[..., dict[str, Any]]:
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    def call(operation: str, **params: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(s3, operation)(Bucket=bucket, **params)
            if "Body" in answer:
                answer["Body"] = answer["Body"].read()
        except ClientError as error:
            raise refused(f"s3:{operation} on {bucket}", error) from None
        except BotoCoreError as error:
            raise ApiError(sentence(f"S3 {operation} on {bucket}: {error}"), status=0) from None
        except ResponseParserError:
            raise unreadable(f"S3 {operation} on {bucket}") from None
        return answer

    return call


@contextmanager
def _ca_file(pem: str | None) -> Iterator[str | None]:
    """botocore takes a CA as a path only; without one the environment's AWS_CA_BUNDLE holds."""
    if pem is None:
        yield None
        return
    with NamedTemporaryFile("w", suffix=".pem") as file:  # made 0600
        file.write(pem)
        file.flush()
        yield file.name
