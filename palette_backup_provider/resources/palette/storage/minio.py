"""MinIO, and any other store that speaks S3 at an address of its own."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pulumi import Input

from palette_backup_provider.clients.endpoint import Pem, host
from palette_backup_provider.clients.minio import (
    NOT_YET,
    REGION,
    ApiEndpoint,
    Identity,
    MinioClient,
)
from palette_backup_provider.clients.palette import PaletteClient
from palette_backup_provider.core.errors import ApiError, ProviderError
from palette_backup_provider.core.handler import Clients
from palette_backup_provider.core.model import Replaces, rule
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.resources.palette.storage.base import (
    Storage,
    certificate,
    probe_key,
)
from palette_backup_provider.resources.palette.storage.static_credentials import (
    Static,
    StaticCredentials,
)


@dataclass(kw_only=True)
class Minio:
    """A bucket on MinIO; the location's `storage`. Changes are made in place.

    The bucket is always in the path (`config.s3ForcePathStyle`), as Velero needs it. Palette has no
    validate call for MinIO: the probe alone says whether the storage works.

    Args:
        bucket: The bucket's name (`config.bucketName`). A location that clusters use cannot move.
        url: Where Palette and the clusters reach the S3 API, and no console: scheme and host, such
            as `https://minio.example.com:9000` (`config.s3Url`).
        credentials: What Palette and the clusters sign in with.
        region: The server's region (`config.region`). Default: `us-east-1`, as MinIO's.
        ca_cert: PEM of the CA that signs the server's certificate (`config.caCert`). Default: the
            public ones.
        use_restic: Whether clusters back volumes up file by file (`config.useRestic`).
            Default: true, as Palette's.
    """

    bucket: Input[str]
    url: Input[str]
    credentials: StaticCredentials
    region: Input[str] | None = None
    ca_cert: Input[str | None] = None
    use_restic: Input[bool] | None = None
    kind: str = "minio"


class MinioStorage(Storage):
    segment: ClassVar = "minio"
    patience: ClassVar = Patience(30, "palette:minioWait")
    wait: ClassVar = "PALETTE_MINIO_WAIT"

    kind: Annotated[Literal["minio"], Replaces()] = "minio"
    bucket: Annotated[str, rule(r"[^/\s]+", "a bucket's name has no slash and is not empty")]
    url: ApiEndpoint
    credentials: Static
    region: Annotated[str, rule(r"\S+", "a region has no blanks and is not empty")] = REGION
    force_path_style: Literal[True] = True
    """No choice: here so that drift of it shows."""
    ca_cert: Pem | None = None
    use_restic: bool = True

    def config(self) -> dict[str, Any]:
        optional = {"caCert": self.ca_cert}
        return {
            "bucketName": self.bucket,
            "region": self.region,
            "s3Url": self.url,
            "s3ForcePathStyle": self.force_path_style,
            "useRestic": self.use_restic,
            "credentials": self.credentials.body(),
            **{k: v for k, v in optional.items() if v is not None},
        }

    @classmethod
    def observed(cls, config: Mapping[str, Any], have: Self | None) -> Self:
        found = {
            "kind": "minio",
            "bucket": config["bucketName"],
            "url": config.get("s3Url") or "",
            "region": config.get("region") or REGION,
            "force_path_style": config.get("s3ForcePathStyle", True),
            "ca_cert": certificate(config.get("caCert"), have.ca_cert if have else None),
            "use_restic": config.get("useRestic", True),
            "credentials": Static.observed(
                config.get("credentials") or {}, have.credentials if have else None
            ),
        }
        return cls.model_construct(**found)

    def place(self) -> tuple[str | None, ...]:
        return self.bucket, host(self.url)

    def probe(self, clients: Clients, patience: Patience, who: str) -> None:
        keys, key = self.credentials, probe_key()
        client = MinioClient.of(
            Identity(
                url=self.url,
                user=keys.access_key,
                password=keys.secret_key,
                region=self.region,
                ca_cert=self.ca_cert,
            )
        )
        try:
            versioned = patience.until(
                lambda: client.round_trip(self.bucket, key),
                lambda error: isinstance(error, ApiError) and error.code in NOT_YET,
                f"{who}: waiting for {self.url} to accept the access key {keys.access_key}",
            )
        except ApiError as error:
            raise _explained(error) from None
        if versioned:
            self._tidy(clients, key)

    def validate_in(
        self, palette: PaletteClient, project: str, patience: Patience, who: str
    ) -> None:
        """Palette has no such call for MinIO."""

    def _tidy(self, clients: Clients, key: str) -> None:
        """Remove the versions a probe leaves: the operator may, the key it was made with not."""
        with suppress(ProviderError):
            operator = clients(MinioClient)
            if host(operator.identity.url) != host(self.url):
                return
            for version in operator.objects(self.bucket, key, versions=True):
                operator.s3("remove_object", self.bucket, key, version_id=version.version_id)


def _explained(error: ApiError) -> ApiError:
    if error.status or error.code:
        return error
    return ApiError(
        f"{error} If only Palette and its clusters can reach it, set probe=False; nothing then "
        f"tries the credential before a backup does.",
        status=0,
    )
