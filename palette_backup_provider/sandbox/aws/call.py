"""Reads an AWS request: which operation, by whom, on what."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import parse_qsl

from botocore.credentials import Credentials
from moto.core.routing import ServiceOperationRouter, get_service_router
from moto.iam.access_control import CreateAccessKeyFailure, create_access_key
from moto.iam.models import AccessKey, IAMBackend, get_account_id_from, iam_backends
from moto.moto_server.werkzeug_app import BackendRequest
from moto.s3.models import FakeBucket, S3Backend, s3_backends
from moto.utilities.utils import get_partition
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request

from palette_backup_provider.sandbox.aws.resource_policy import Principal

_CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/")
_UNSIGNED = {"AssumeRoleWithWebIdentity": "sts"}
"""Calls that nobody signs, and their service."""
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Call:
    """One request to AWS, read but not judged."""

    operation: str
    """AWS's name of it, such as `CreateUser` or `PutObject`."""
    service: str
    """The service that it was signed for; empty when it is not signed."""
    region: str
    access_key: str
    account: str
    """The account of the access key."""
    form: dict[str, str]
    """Parameters of a call in the query protocol."""
    bucket: str = ""
    key: str = ""
    tagged: bool = False
    """Whether what it makes is to have tags."""
    versions: bool = False
    """Whether it is about versions of objects."""

    @property
    def partition(self) -> str:
        """The partition of the region that it was signed for."""
        return str(get_partition(self.region))

    @property
    def iam(self) -> IAMBackend:
        """IAM of the caller's account."""
        return iam_backends[self.account][self.partition]

    @property
    def s3(self) -> S3Backend:
        """S3 of the caller's account."""
        return s3_backends[self.account][self.partition]

    @property
    def credential(self) -> AccessKey | None:
        """The access key as IAM has it."""
        return self.iam.access_keys.get(self.access_key)

    @property
    def principal(self) -> Principal | None:
        """Who calls; None if moto will refuse the key anyhow."""
        try:
            # Without the header of a session, any key is looked up as that of a user.
            key = create_access_key(self.account, self.partition, self.access_key, self.session)
        except CreateAccessKeyFailure:
            return None
        return Principal(key.arn, self.account)

    @property
    def owner(self) -> str:
        """The account that owns the bucket of the call; empty when there is none."""
        _, account = s3_backends.bucket_accounts.get(self.bucket, ("", ""))
        return str(account)

    @property
    def target(self) -> FakeBucket | None:
        """The bucket of the call."""
        if not self.owner:
            return None
        partition, account = s3_backends.bucket_accounts[self.bucket]
        bucket = s3_backends[account][partition].buckets[self.bucket]
        return bucket if isinstance(bucket, FakeBucket) else None

    headers: Mapping[str, str] = field(default_factory=dict)
    """Those of S3, such as `x-amz-server-side-encryption`, in lower case."""
    session_token: str = ""
    signed_at: str = ""
    """When it was signed, by the caller's clock, such as `20261124T103000Z`."""

    def secrets(self) -> Credentials:
        """What the caller signs with; fails if the key belongs to no user."""
        key = create_access_key(self.account, self.partition, self.access_key, self.session)
        return key.create_credentials()

    @property
    def session(self) -> dict[str, str]:
        """The header of a session, if it is one."""
        return {"X-Amz-Security-Token": self.session_token} if self.session_token else {}


def read(request: Request) -> Call:
    """The call that a request makes."""
    shown = request.headers.get("Authorization", "")
    if "X-Amz-Credential" in request.args:  # a presigned URL, which has a time of its own
        shown = f"Credential={request.args['X-Amz-Credential']}/"
    signed = _CREDENTIAL.search(shown)
    access_key, region, service = signed.groups() if signed else ("", "us-east-1", "")
    form: dict[str, str] = {}
    where: dict[str, str] = {}
    if request.content_type and request.content_type.startswith(_FORM):
        form = dict(parse_qsl(request.get_data(as_text=True), keep_blank_values=True))
        operation = form.get("Action", "")
        service = service or _UNSIGNED.get(operation, "")
    elif target := request.headers.get("X-Amz-Target"):
        operation = target.rpartition(".")[2]
    else:
        operation, where = _s3_operation(request)
    body = request.get_data()
    return Call(
        operation=operation or "Unknown",
        service=service,
        region=region,
        access_key=access_key,
        account=get_account_id_from(access_key),
        form=form,
        bucket=where.get("Bucket", ""),
        key=where.get("Key", ""),
        tagged=b"<Tag>" in body or "Tags.member.1.Key" in form,
        versions=b"<VersionId>" in body or "versionId" in request.args,
        headers={k.lower(): v for k, v in request.headers if k.lower().startswith("x-amz-")},
        session_token=request.headers.get("X-Amz-Security-Token", "")
        or request.args.get("X-Amz-Security-Token", ""),
        signed_at=request.headers.get("X-Amz-Date", ""),
    )


def _s3_operation(request: Request) -> tuple[str, dict[str, str]]:
    try:
        operation, where = _s3_router().match(BackendRequest(request.environ))
    except HTTPException:
        return "", {}
    return str(operation.name), dict(where)


@cache
def _s3_router() -> ServiceOperationRouter:
    return get_service_router("s3")
