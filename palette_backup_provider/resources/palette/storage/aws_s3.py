"""AWS S3."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pulumi import Input
from pydantic import Field, model_validator

from palette_backup_provider.clients.aws import denied as aws_denied
from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.clients.aws.regions import (
    PALETTE_PARTITIONS,
    palette_region,
    partition,
)
from palette_backup_provider.clients.aws.trial import NOT_YET, BucketRef, S3Client, of_aws
from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.clients.rest.endpoint import Endpoint
from palette_backup_provider.clients.rest.trust import Pem
from palette_backup_provider.core.clouds.aws import WAIT
from palette_backup_provider.core.errors import ApiError, ProviderError
from palette_backup_provider.core.markers import Replaces
from palette_backup_provider.core.model import matches
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.run import Run
from palette_backup_provider.resources.palette.storage.aws_sts_credentials import (
    Sts,
    StsCredentials,
)
from palette_backup_provider.resources.palette.storage.base import (
    BucketName,
    Storage,
    about_kms,
    accepted_by_palette,
    out_of_reach,
    probe_key,
)
from palette_backup_provider.resources.palette.storage.mapping import (
    At,
    address,
    certificate,
    put,
)
from palette_backup_provider.resources.palette.storage.static_credentials import (
    TERRAFORM,
    Static,
    StaticCredentials,
)

REGION = matches(
    r"(?!\d+$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?",
    "a region is 1 to 63 letters, digits and hyphens, begins and ends with a letter or digit, and "
    "is no number",
)
"""What boto3 takes, for any store."""
VALIDATE = "/v1/clouds/aws/s3/validate"
NOT_LONG = {"SignatureDoesNotMatch", "NoSuchBucket"}
"""What a fresh key or bucket meets for a moment, and a wrong secret or name for ever."""
WRONG_SECRET = 5 / 120
"""The share of the wait in which a wrong signature may still mean a key that is not known
everywhere. Of a key that is new AWS says InvalidAccessKeyId as a rule."""


@dataclass(kw_only=True)
class S3:
    """A bucket on AWS S3; the location's `storage`. Changes are made in place.

    Args:
        bucket: The bucket's name (`config.bucketName`). A location that clusters use cannot move.
        region: The region the bucket is in, such as `eu-west-1` (`config.region`). With `url`,
            whatever that store calls it, such as `fra1`.
        credentials: What Palette and the clusters sign in with.
        url: An endpoint instead of AWS's own: scheme and host, no path (`config.s3Url`). Palette's
            validate call knows none and would ask AWS, so of another store than AWS it is not asked
            unless `palette_validate` is True. Which stores were tried: docs/s3-compatible.md.
        force_path_style: The bucket in the path instead of in the host name
            (`config.s3ForcePathStyle`). Default: only with `url`, as Palette's guide asks. The
            credential is tried in the same way.
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


class S3Storage(Storage):
    segment: ClassVar = "s3"
    wait: ClassVar = WAIT
    patience: ClassVar = WAIT.patience
    unknown: ClassVar = frozenset({"InvalidAccessKeyId", "InvalidClientTokenId"})
    terraform: ClassVar = TERRAFORM
    needs: ClassVar = aws_denied.GRANT

    kind: Annotated[Literal["s3"], Replaces()] = "s3"
    bucket: Annotated[BucketName, At("bucketName")]
    region: Annotated[str, At("region"), REGION]
    credentials: Annotated[Static | Sts, At("credentials"), Field(discriminator="kind")]
    url: Annotated[Endpoint | None, At("s3Url", read=address)] = None
    force_path_style: Annotated[bool | None, At("s3ForcePathStyle", default=True)] = None
    ca_cert: Annotated[Pem | None, At("caCert", read=certificate)] = None
    partition: Annotated[
        Literal["aws", "aws-us-gov", "aws-iso", "aws-iso-b"] | None,
        At("credentials.partition", default="aws"),
    ] = None
    use_restic: Annotated[bool, At("useRestic")] = True

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
        fit = {self._partition()}
        if self.partition == "aws":  # what Palette takes where nobody told it, of any region
            fit.add(partition(self.region))
        if isinstance(keys, Sts) and keys.role_arn.split(":")[1] not in fit:
            raise ValueError(
                f"credentials.role_arn: the role {keys.role_arn} is of another partition than "
                f"{self.region}, which is in {self._partition()}"
            )
        return self

    @property
    def path_style(self) -> bool:
        return self.url is not None if self.force_path_style is None else self.force_path_style

    @property
    def known_to_palette(self) -> bool:
        return of_aws(self.url)  # the validate call takes no URL, and asks AWS

    def config(self) -> dict[str, Any]:
        config = super().config()
        put(config, "s3ForcePathStyle", self.path_style)
        put(config, "credentials.partition", self._partition())
        return config

    @classmethod
    def observed(cls, config: Mapping[str, Any], have: Self | None) -> Self:
        storage = super().observed(config, have)
        update: dict[str, Any] = {}
        if have and have.path_style == storage.path_style:
            update["force_path_style"] = have.force_path_style
        if have and have._partition() == storage._partition():
            update["partition"] = have.partition
        return storage.model_copy(update=update)

    def location_key(self) -> tuple[str | None, ...]:
        return self.bucket, self.region, self.url

    def probe(self, run: Run, patience: Patience, who: str) -> None:
        keys = self.credentials
        if not isinstance(keys, Static):
            return  # only Palette and the clusters may assume the role: Palette's check tells
        s3, key, place = run.client(S3Client), probe_key(), self._reached()

        def not_yet(error: BaseException) -> float:
            if not isinstance(error, ApiError) or about_kms(error) or error.code not in NOT_YET:
                return 0
            return _lasts(error)

        try:
            versioned = patience.until(
                lambda: s3.round_trip(place, keys.access_key, keys.secret_key, key),
                not_yet,
                f"{who}: waiting for {place.store} to accept the access key",
            )
        except ApiError as error:
            raise _with_advice(error if self.url is None else out_of_reach(error)) from None
        if versioned and self.url is None:
            self._tidy(run, key)

    def validate_in(
        self, palette: PaletteClient, project: str, patience: Patience, who: str
    ) -> None:
        credentials = self.config()["credentials"]
        body = {"bucket": self.bucket, "region": self.region, "credentials": credentials}
        try:
            accepted_by_palette(
                lambda: palette.call("POST", VALIDATE, body, project=project),
                patience,
                who,
                _lasts,
            )
        except ApiError as error:
            raise _with_advice(error) from None

    def _partition(self) -> str:
        """Palette wants one for every store; the region of another than AWS may tell none."""
        of_region = partition(self.region)
        return self.partition or (of_region if of_region in PALETTE_PARTITIONS else "aws")

    def _reached(self) -> BucketRef:
        return BucketRef(self.bucket, self.region, self.url, self.path_style, self.ca_cert)

    def _tidy(self, run: Run, key: str) -> None:
        """Remove the versions a probe leaves: the operator may, the key it was made with not."""
        aws, where = run.client(AwsClient), {"region": self.region, "Bucket": self.bucket}
        with suppress(ProviderError):
            page = aws.call("s3", "list_object_versions", Prefix=key, **where)
            for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                id = version["VersionId"]
                aws.call("s3", "delete_object", Key=key, VersionId=id, **where)


def _lasts(error: ApiError) -> float:
    """For which share of the wait for a fresh key such an answer may last."""
    if aws_denied.is_denied(error):
        return aws_denied.lasts(error)
    if error.code == "SignatureDoesNotMatch":
        return WRONG_SECRET
    brief = error.code in NOT_LONG or any(code in str(error) for code in NOT_LONG)
    return aws_denied.USUAL if brief else 1


def _with_advice(error: ApiError) -> ApiError:
    if about_kms(error):
        return ApiError(
            f"The bucket's KMS key cannot be used. {error} Check that the key is there and enabled "
            "(kms_key_arn), and that the credential may use it: kms:GenerateDataKey and "
            "kms:Decrypt, in its policy and, for a key of another account, in the key's "
            "own policy.",
            status=error.status,
            code=error.code,
        )
    return aws_denied.with_advice(error)
