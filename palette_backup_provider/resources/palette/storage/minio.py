"""MinIO, and any other store that speaks S3 at an address of its own."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pulumi import Input
from pydantic import AfterValidator

from palette_backup_provider.clients.minio.client import NOT_SIGNED_IN, NOT_YET, MinioClient
from palette_backup_provider.clients.minio.identity import REGION, ApiEndpoint, Identity
from palette_backup_provider.clients.minio.trial import try_key
from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.clients.rest.endpoint import host
from palette_backup_provider.clients.rest.trust import Pem
from palette_backup_provider.core.clouds.minio import WAIT
from palette_backup_provider.core.errors import ApiError, ProviderError
from palette_backup_provider.core.markers import Replaces
from palette_backup_provider.core.model import matches
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.run import Run
from palette_backup_provider.resources.palette.storage.base import (
    BucketName,
    Storage,
    out_of_reach,
    probe_key,
)
from palette_backup_provider.resources.palette.storage.mapping import (
    At,
    address,
    certificate,
)
from palette_backup_provider.resources.palette.storage.static_credentials import (
    TERRAFORM,
    Static,
    StaticCredentials,
)

BRIEFLY = 0.25


@dataclass(kw_only=True)
class Minio:
    """A bucket on MinIO; the location's `storage`. Changes are made in place.

    Palette has no validate call for MinIO: the probe alone says whether the storage works.

    Args:
        bucket: The bucket's name (`config.bucketName`). A location that clusters use cannot move.
        url: Where Palette and the clusters reach the S3 API, and no console: scheme and host, such
            as `https://minio.example.com:9000` (`config.s3Url`).
        credentials: What Palette and the clusters sign in with.
        region: The server's region (`config.region`). Default: `us-east-1`, as MinIO's.
        force_path_style: Whether the bucket is in the path instead of in the host name
            (`config.s3ForcePathStyle`). Default: true, as Velero needs it. False only for a
            location to adopt that has it so; the credential is tried in the same way.
        ca_cert: PEM of the CA that signs the server's certificate (`config.caCert`). Default: the
            public ones.
        use_restic: Whether clusters back volumes up file by file (`config.useRestic`).
            Default: true, as Palette's.
    """

    bucket: Input[str]
    url: Input[str]
    credentials: StaticCredentials
    region: Input[str] | None = None
    force_path_style: Input[bool] | None = None
    ca_cert: Input[str | None] = None
    use_restic: Input[bool] | None = None
    kind: str = "minio"


def _in_the_path(value: bool) -> bool:
    if not value:
        raise ValueError("has to be true: Velero asks MinIO for buckets in the path")
    return value


class MinioStorage(Storage):
    segment: ClassVar = "minio"
    wait: ClassVar = WAIT
    patience: ClassVar = WAIT.patience
    unknown: ClassVar = frozenset(NOT_SIGNED_IN)
    terraform: ClassVar = TERRAFORM
    needs: ClassVar = (
        "The user has to be allowed all that `policy_document` (`minio.access_policy`) says, and "
        "the bucket's own policy must not refuse it."
    )

    kind: Annotated[Literal["minio"], Replaces()] = "minio"
    bucket: Annotated[BucketName, At("bucketName")]
    url: Annotated[ApiEndpoint, At("s3Url", read=address)]
    credentials: Annotated[Static, At("credentials")]
    region: Annotated[
        str, At("region"), matches(r"\S+", "a region has no blanks and is not empty")
    ] = REGION
    force_path_style: Annotated[bool, At("s3ForcePathStyle"), AfterValidator(_in_the_path)] = True
    ca_cert: Annotated[Pem | None, At("caCert", read=certificate)] = None
    use_restic: Annotated[bool, At("useRestic")] = True

    def location_key(self) -> tuple[str | None, ...]:
        return self.bucket, host(self.url)

    def probe(self, run: Run, patience: Patience, who: str) -> None:
        keys, key = self.credentials, probe_key()
        client = MinioClient.of(
            Identity(
                url=self.url,
                user=keys.access_key,
                password=keys.secret_key,
                region=self.region,
                ca_cert=self.ca_cert,
                force_path_style=self.force_path_style,
            )
        )
        try:
            versioned = patience.until(
                lambda: try_key(client, self.bucket, key),
                _may_pass,
                f"{who}: waiting for {self.url} to accept the access key",
            )
        except ApiError as error:
            raise out_of_reach(error) from None
        if versioned:
            self._tidy(run, key)

    def validate_in(
        self, palette: PaletteClient, project: str, patience: Patience, who: str
    ) -> None:
        """Palette has no such call for MinIO."""

    def _tidy(self, run: Run, key: str) -> None:
        """Remove the versions a probe leaves: the operator may, the key it was made with not."""
        with suppress(ProviderError):
            operator = run.client(MinioClient)
            if host(operator.identity.url) != host(self.url):
                return
            for version in operator.objects(self.bucket, key, versions=True):
                operator.s3("remove_object", self.bucket, key, version_id=version.version_id)


def _may_pass(error: BaseException) -> float:
    """A bucket that is not there does not come by itself; a store may know of it a bit later."""
    if not isinstance(error, ApiError) or error.code not in NOT_YET:
        return 0
    return BRIEFLY if error.code == "NoSuchBucket" else 1
