"""AWS S3."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pulumi import Input
from pydantic import Field, model_validator

from palette_backup_provider.clients.aws import (
    PALETTE_PARTITIONS,
    AwsClient,
    palette_region,
    partition,
)
from palette_backup_provider.clients.endpoint import Endpoint, Pem
from palette_backup_provider.clients.palette import PaletteClient
from palette_backup_provider.clients.s3 import NOT_YET, Place, S3Client
from palette_backup_provider.core.errors import ApiError, ProviderError
from palette_backup_provider.core.handler import Clients
from palette_backup_provider.core.model import Model, Replaces, rule
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.resources.palette.storage.base import (
    Storage,
    about_kms,
    accepted_by_palette,
    certificate,
    clear,
    probe_key,
)
from palette_backup_provider.resources.palette.storage.static_credentials import (
    Static,
    StaticCredentials,
)

REGION = rule(
    r"(?!\d+$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?",
    "a region is 1 to 63 letters, digits and hyphens, begins and ends with a letter or digit, and "
    "is no number",
)
"""What boto3 takes, for any store."""
VALIDATE = "/v1/clouds/aws/s3/validate"
WRONG_SECRET = 30.0
"""Seconds in which a wrong signature may still mean a key that is not known everywhere."""


@dataclass(kw_only=True)
class StsCredentials:
    """A role that Palette and the clusters assume; no key.

    Args:
        role_arn: The role's ARN (`credentials.sts.arn`).
        external_id: What Palette shows to assume it (`credentials.sts.externalId`); Palette gives
            it: see `palette.AwsStsAccount`.
    """

    role_arn: Input[str]
    external_id: Input[str]
    kind: str = "sts"


@dataclass(kw_only=True)
class S3:
    """A bucket on AWS S3; the location's `storage`. Changes are made in place.

    Args:
        bucket: The bucket's name (`config.bucketName`). A location that clusters use cannot move.
        region: The region the bucket is in, such as `eu-west-1` (`config.region`). With `url`,
            whatever that store calls it, such as `fra1`.
        credentials: What Palette and the clusters sign in with.
        url: An endpoint instead of AWS's own: scheme and host, no path (`config.s3Url`).
        force_path_style: The bucket in the path instead of in the host name
            (`config.s3ForcePathStyle`). Default: only with `url`, as Palette's guide asks.
        ca_cert: PEM of the CA that signs the endpoint's certificate (`config.caCert`).
            Default: the public ones.
        partition: `aws`, `aws-us-gov`, `aws-iso` or `aws-iso-b` (`credentials.partition`).
            Default: the partition of `region`, where it tells one of these, else `aws`.
        use_restic: Whether clusters back volumes up file by file (`config.useRestic`).
            Default: true, as Palette's.
    """

    bucket: Input[str]
    region: Input[str]
    credentials: StaticCredentials | StsCredentials
    url: Input[str] | None = None
    force_path_style: Input[bool] | None = None
    ca_cert: Input[str] | None = None
    partition: Input[str] | None = None
    use_restic: Input[bool] | None = None
    kind: str = "s3"


class Sts(Model):
    kind: Literal["sts"] = "sts"
    role_arn: Annotated[
        str, rule(r"arn:aws[a-z-]*:iam::\d{12}:role/.+", "the ARN of an IAM role is needed")
    ]
    external_id: Annotated[
        str, rule(r"[\w+=,.@:/-]{2,1224}", "2 to 1224 letters, digits and _+=,.@:/-")
    ]

    def body(self) -> dict[str, Any]:
        role = {"arn": self.role_arn, "externalId": self.external_id}
        return {"credentialType": "sts", "sts": role}


class S3Storage(Storage):
    segment: ClassVar = "s3"
    patience: ClassVar = Patience(120, "palette:awsWait")
    wait: ClassVar = "PALETTE_AWS_WAIT"

    kind: Annotated[Literal["s3"], Replaces()] = "s3"
    bucket: Annotated[str, rule(r"[^/\s]+", "a bucket's name has no slash and is not empty")]
    region: Annotated[str, REGION]
    credentials: Annotated[Static | Sts, Field(discriminator="kind")]
    url: Endpoint | None = None
    force_path_style: bool | None = None
    ca_cert: Pem | None = None
    partition: Literal["aws", "aws-us-gov", "aws-iso", "aws-iso-b"] | None = None
    use_restic: bool = True

    @model_validator(mode="after")
    def _region_of_aws(self) -> Self:
        if self.url is None:
            try:
                palette_region(self.region)
            except ValueError as error:
                raise ValueError(f"region: {error}") from None
        return self

    @model_validator(mode="after")
    def _one_partition(self) -> Self:
        keys = self.credentials
        if isinstance(keys, Sts) and keys.role_arn.split(":")[1] != self._partition():
            raise ValueError(
                f"credentials.role_arn: the role {keys.role_arn} is of another partition than "
                f"{self.region}, which is in {self._partition()}"
            )
        return self

    @property
    def path_style(self) -> bool:
        return self.url is not None if self.force_path_style is None else self.force_path_style

    def config(self) -> dict[str, Any]:
        optional = {"s3Url": self.url, "caCert": self.ca_cert}
        return {
            "bucketName": self.bucket,
            "region": self.region,
            "s3ForcePathStyle": self.path_style,
            "useRestic": self.use_restic,
            "credentials": self._credentials(),
            **{k: v for k, v in optional.items() if v is not None},
        }

    @classmethod
    def observed(cls, config: Mapping[str, Any], have: Self | None) -> Self:
        keys = config.get("credentials") or {}
        style, part = config.get("s3ForcePathStyle", True), keys.get("partition") or "aws"
        region = config["region"]
        found = {
            "kind": "s3",
            "bucket": config["bucketName"],
            "region": region,
            "url": config.get("s3Url") or None,
            "force_path_style": have.force_path_style
            if have and have.path_style == style
            else style,
            "ca_cert": certificate(config.get("caCert"), have.ca_cert if have else None),
            "partition": have.partition if have and have._partition() == part else part,
            "use_restic": config.get("useRestic", True),
            "credentials": _credentials(keys, have),
        }
        return cls.model_construct(**found)

    def place(self) -> tuple[str | None, ...]:
        return self.bucket, self.region, self.url

    def probe(self, clients: Clients, patience: Patience, who: str) -> None:
        keys = self.credentials
        if not isinstance(keys, Static):
            return  # only Palette and the clusters may assume the role: Palette's check tells
        s3, key, started = clients(S3Client), probe_key(), patience.clock()

        def not_yet(error: BaseException) -> bool:
            if not isinstance(error, ApiError) or about_kms(error):
                return False
            fresh = patience.clock() - started < WRONG_SECRET
            return error.code in NOT_YET and (fresh or error.code != "SignatureDoesNotMatch")

        try:
            versioned = patience.until(
                lambda: s3.round_trip(self._reached(), keys.access_key, keys.secret_key, key),
                not_yet,
                f"{who}: waiting for AWS to accept the access key {keys.access_key}",
            )
        except ApiError as error:
            raise _explained(error) from None
        if versioned and self.url is None:
            self._tidy(clients, key)

    def validate_in(
        self, palette: PaletteClient, project: str, patience: Patience, who: str
    ) -> None:
        body = {"bucket": self.bucket, "region": self.region, "credentials": self._credentials()}
        try:
            accepted_by_palette(
                lambda: palette.call("POST", VALIDATE, body, project=project),
                patience,
                who,
            )
        except ApiError as error:
            raise _explained(error) from None

    def _credentials(self) -> dict[str, Any]:
        return {**self.credentials.body(), "partition": self._partition()}

    def _partition(self) -> str:
        """Palette wants one for every store; the region of another than AWS may tell none."""
        told = partition(self.region)
        return self.partition or (told if told in PALETTE_PARTITIONS else "aws")

    def _reached(self) -> Place:
        return Place(self.bucket, self.region, self.url, self.path_style, self.ca_cert)

    def _tidy(self, clients: Clients, key: str) -> None:
        """Remove the versions a probe leaves: the operator may, the key it was made with not."""
        aws, where = clients(AwsClient), {"region": self.region, "Bucket": self.bucket}
        with suppress(ProviderError):
            page = aws.call("s3", "list_object_versions", Prefix=key, **where)
            for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                id = version["VersionId"]
                aws.call("s3", "delete_object", Key=key, VersionId=id, **where)


def _credentials(found: Mapping[str, Any], have: S3Storage | None) -> Static | Sts:
    """What Palette tells of the credentials; what it masks is taken from `have`."""
    kept = have.credentials if have else None
    if found.get("credentialType") == "sts":
        role, sts = found.get("sts") or {}, kept if isinstance(kept, Sts) else None
        return Sts.model_construct(
            kind="sts",
            role_arn=clear(role.get("arn")) or (sts.role_arn if sts else ""),
            external_id=clear(role.get("externalId")) or (sts.external_id if sts else ""),
        )
    return Static.observed(found, kept if isinstance(kept, Static) else None)


def _explained(error: ApiError) -> ApiError:
    if about_kms(error):
        return ApiError(
            f"The bucket's KMS key cannot be used. {error} Check that the key is there and enabled "
            "(kms_key_arn), and that the credential may use it: kms:GenerateDataKey, kms:Decrypt "
            "and kms:DescribeKey, in its policy and, for a key of another account, in the key's "
            "own policy.",
            status=error.status,
            code=error.code,
        )
    return error
