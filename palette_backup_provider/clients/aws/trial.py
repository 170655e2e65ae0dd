"""The S3 protocol with one given key: what Velero will do with it, tried beforehand."""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from palette_backup_provider.clients.aws.client import config
from palette_backup_provider.clients.aws.errors import REFUSED, to_api_error, unanswered
from palette_backup_provider.clients.aws.session import authorities, bare_session
from palette_backup_provider.clients.aws.setup import Way, way
from palette_backup_provider.clients.rest import s3_region
from palette_backup_provider.clients.rest.deadline import answering
from palette_backup_provider.clients.rest.sign_in import said
from palette_backup_provider.clients.rest.trial import round_trip
from palette_backup_provider.clients.rest.trust import (
    Authorities,
    advice,
    ca_file,
    distrust,
    own_ca,
)
from palette_backup_provider.core.errors import (
    ApiError,
    ProviderError,
    UnreadableAnswer,
    again,
    sentence,
)
from palette_backup_provider.core.settings import Settings

NOT_YET = REFUSED | {
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "NoSuchBucket",
}
"""What AWS answers while a new key, attachment or bucket has not reached every server."""
_AWS = re.compile(r".+\.(amazonaws\.com(\.cn)?|api\.aws|c2s\.ic\.gov|sc2s\.sgov\.gov)", re.I)
HUNG_UP = "ConnectionClosed"
"""Our code for a store that ends a connection instead of answering."""
_WITHOUT_CHECKSUMS = dict.fromkeys(
    ("request_checksum_calculation", "response_checksum_validation"), "when_required"
)
CHECKSUMS = (
    "This store is not AWS, and checksums are the cause: without those that AWS's clients send, it "
    "took the same object. Velero's plugin for AWS sends them too, from 1.9.1 on, and 1.14.1 and "
    "1.14.2 even where told not to: backups would fail as well. Get a version of the store that "
    "knows them, or another store. If the clusters have an older plugin, set probe=False."
)

GIVE_CA = "Give the CA that signs its certificate as ca_cert, or set AWS_CA_BUNDLE."


def of_aws(url: str | None) -> bool:
    """Whether an endpoint, None for the usual one, is AWS's own."""
    return url is None or _AWS.fullmatch(urlsplit(url).hostname or "") is not None


@dataclass(frozen=True)
class BucketRef:
    """A bucket, and how to reach it: all that a trial needs, except the key."""

    bucket: str
    region: str
    url: str | None = None
    path_style: bool = False
    ca_cert: str | None = None
    """PEM."""

    @property
    def store(self) -> str:
        """What to call the store."""
        return "AWS" if of_aws(self.url) else str(self.url)


class S3Client:
    """Short-lived clients with keys of their own, of one session to AWS and one to other stores: a
    new session costs 70 ms."""

    def __init__(self, aws: str | None = None, way: Callable[[], Way] = Way) -> None:
        self._aws = aws
        """Where AWS is, if a sandbox plays its part."""
        self._way = way
        """How AWS is reached; other stores are reached as the environment has it."""
        self._sessions: dict[bool, Any] = {}
        self._lock = threading.Lock()

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        aws = settings.environment.get("AWS_ENDPOINT_URL") if settings.simulated else None
        return cls(aws, lambda: way(settings).bare)

    def round_trip(self, place: BucketRef, access_key: str, secret_key: str, key: str) -> bool:
        """Try a key with the object `key`, as `rest.trial.round_trip` does."""
        try:
            return self._round_trip(place, access_key, secret_key, key)
        except ApiError as error:
            if of_aws(place.url) or not _may_be_of_checksums(error):
                raise
            refusal = error
        try:
            self._round_trip(place, access_key, secret_key, key, **_WITHOUT_CHECKSUMS)
        except ApiError as error:  # it may be plainer: some look at checksums before the key
            raise (refusal if _may_be_of_checksums(error) else error) from None
        text = f"{sentence(str(refusal))} {CHECKSUMS}"
        raise ApiError(text, status=400, code=refusal.code)

    def _round_trip(
        self, place: BucketRef, access_key: str, secret_key: str, key: str, **how: str
    ) -> bool:
        with self._opened(place, access_key, secret_key, how) as s3:
            call = _caller(s3, place, lambda: self._trusted(place))
            return round_trip(_Objects(f"{place.store}: {place.bucket}", call), key)

    @contextmanager
    def _opened(
        self, place: BucketRef, access_key: str, secret_key: str, how: Mapping[str, str]
    ) -> Iterator[Any]:
        by_path = place.path_style or (place.url is None and self._aws)  # that has an address alone
        style = {
            "addressing_style": "path" if by_path else "virtual",
            "us_east_1_regional_endpoint": "regional",
        }
        with ca_file(place.ca_cert) as verify:
            with self._lock:
                try:
                    client = self._session(place).client(
                        "s3",
                        region_name=place.region,
                        endpoint_url=place.url or self._aws,
                        verify=verify,
                        aws_access_key_id=access_key,
                        aws_secret_access_key=secret_key,
                        config=config(s3=style, **how),
                    )
                except ValueError as error:  # botocore's rules for endpoints and regions
                    raise ProviderError(
                        f"S3 on {place.bucket}: {sentence(str(error))} Correct region or url."
                    ) from None
            try:
                yield client
            finally:
                client.close()

    def _session(self, place: BucketRef) -> Any:
        to_aws = of_aws(place.url)
        if to_aws not in self._sessions:
            self._sessions[to_aws] = bare_session(self._way_to(place))
        return self._sessions[to_aws]

    def _way_to(self, place: BucketRef) -> Way:
        return self._way() if of_aws(place.url) else Way()

    def _trusted(self, place: BucketRef) -> Authorities | None:
        if place.ca_cert:
            return own_ca("ca_cert", place.ca_cert)
        return authorities(self._session(place)._session, self._way_to(place))


@dataclass(frozen=True)
class _Objects:
    """The objects of a bucket, by calls of botocore."""

    name: str
    call: Callable[..., dict[str, Any]]

    def put(self, name: str, content: bytes) -> bool:
        return "VersionId" in self.call("put_object", Key=name, Body=content)

    def get(self, name: str) -> bytes:
        content: bytes = self.call("get_object", Key=name)["Body"]
        return content

    def names(self, prefix: str) -> list[str]:
        listed = self.call("list_objects_v2", Prefix=prefix).get("Contents", [])
        return [item["Key"] for item in listed]

    def delete(self, name: str) -> None:
        self.call("delete_object", Key=name)


def _may_be_of_checksums(error: ApiError) -> bool:
    """Whether a store that knows no checksums may have answered so: their codes are many."""
    if error.code in NOT_YET or s3_region.advice(error.code, str(error)):
        return False
    answered = error.status in (200, 501) or (400 <= error.status < 500 and error.status != 429)
    return answered or error.code == HUNG_UP


def _caller(
    s3: Any, place: BucketRef, trusted: Callable[[], Authorities | None]
) -> Callable[..., dict[str, Any]]:
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    from palette_backup_provider.clients.aws.s3_answers import STORES
    from palette_backup_provider.clients.rest.answers import UNPARSED, checked

    def call(operation: str, **params: Any) -> dict[str, Any]:
        what = f"s3:{operation} on {place.bucket}"
        try:
            with answering(f"S3 {operation} on {place.bucket}"):
                answer: dict[str, Any] = getattr(s3, operation)(Bucket=place.bucket, **params)
                if "Body" in answer:
                    answer["Body"] = answer["Body"].read()
        except ClientError as error:
            raise _refused(what, error, place.store) from None
        except BotoCoreError as error:
            raise _unanswered(f"S3 {operation} on {place.bucket}", error, trusted) from None
        except (ResponseParserError, *UNPARSED):
            raise UnreadableAnswer("S3", what, "") from None
        except ProviderError:
            raise
        except Exception as error:
            raise ApiError(
                f"S3 {operation} on {place.bucket}: {said(error)} {again(place.store)}", status=0
            ) from None
        checked(answer, STORES[operation], "S3", what)
        return answer

    return call


def _unanswered(what: str, error: Any, trusted: Callable[[], Authorities | None]) -> ApiError:
    """botocore's own error as ours."""
    kind, text = type(error).__name__, f"{what}: {error}"
    if root := distrust(error):
        message = f"{sentence(text)} {advice(root, trusted(), GIVE_CA)}"
        return ApiError(message, status=0, code=kind)
    hung_up = kind == "ConnectionClosedError" or (kind == "SSLError" and "EOF occurred" in text)
    status = 200 if kind == "FlexibleChecksumError" else 0
    message = str(unanswered(what, error, trusted))
    return ApiError(message, status=status, code=HUNG_UP if hung_up else "")


def _refused(what: str, error: Any, store: str) -> ApiError:
    """botocore's ClientError as ours, with the region that the store named."""
    refusal = to_api_error(what, error, store)
    header = error.response["ResponseMetadata"].get("HTTPHeaders", {}).get("x-amz-bucket-region")
    region = error.response["Error"].get("Region") or header
    where = s3_region.advice(refusal.code, str(refusal), region)
    if not where or refusal.unclear:
        return refusal
    text = f"{sentence(str(refusal))} {where}"
    return ApiError(text, status=refusal.status, code=refusal.code)
