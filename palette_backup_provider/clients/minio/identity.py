"""A MinIO server and a user on it, given in a program or read from the settings."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator

from palette_backup_provider.clients.minio import settings as minio_settings
from palette_backup_provider.clients.rest.endpoint import endpoint
from palette_backup_provider.clients.rest.trust import Pem, certificates
from palette_backup_provider.core.errors import BadSetting, sentence
from palette_backup_provider.core.markers import Sensitive
from palette_backup_provider.core.model import Model
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.settings import Settings

REGION = "us-east-1"
"""MinIO's own default."""


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
    force_path_style: bool = True

    def of(self, user: str, password: str) -> Self:
        """The same server under another user."""
        return self.model_copy(update={"user": user, "password": password})


class Operator(Identity):
    """What the settings say of the server and its administrator."""

    session_token: Sensitive[str] | None = None
    insecure: bool = False
    cert_file: str | None = None
    key_file: str | None = None

    def of(self, user: str, password: str) -> Self:
        """The same server under another user, whose token this is not."""
        return super().of(user, password).model_copy(update={"session_token": None})


def operator_of(settings: Settings) -> Operator:
    """The names are those of MinIO's own Pulumi provider, today's and yesterday's."""
    server = settings.require(*minio_settings.SERVER.places)
    tls = settings.flag(*minio_settings.SSL.places)
    url = server if "://" in server else f"{'https' if tls else 'http'}://{server}"
    try:
        api(url)
    except ValueError as error:
        raise BadSetting(f"minio:minioServer: {sentence(str(error))} Correct it.") from None
    user = settings.get(*minio_settings.ACCESS_KEY.places)
    password = settings.get(*minio_settings.SECRET_KEY.places)
    remember(password)
    cert, key = (
        settings.get(*setting.places) for setting in (minio_settings.CERT, minio_settings.KEY)
    )
    if bool(cert) != bool(key):
        raise BadSetting(
            f"{minio_settings.CERT.name} and {minio_settings.KEY.name} go together. Set both."
        )
    return Operator(
        url=url,
        user=settings.get(*minio_settings.USER.places)
        or user
        or settings.require(*minio_settings.USER.places),
        password=settings.get(*minio_settings.PASSWORD.places)
        or password
        or settings.require(*minio_settings.PASSWORD.places, secret=True),
        region=settings.get(*minio_settings.REGION.places) or REGION,
        ca_cert=_ca_cert(settings.get(*minio_settings.CA_CERT.places)),
        session_token=settings.get(*minio_settings.SESSION_TOKEN.places),
        insecure=settings.flag(*minio_settings.INSECURE.places),
        cert_file=cert and str(Path(cert).expanduser()),
        key_file=key and str(Path(key).expanduser()),
    )


def _ca_cert(path: str | None) -> str | None:
    if path is None:
        return None
    try:
        return certificates(Path(path).expanduser().read_bytes())
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise BadSetting(f"minio:minioCacertFile: {path}: {reason}. Correct the path.") from None
