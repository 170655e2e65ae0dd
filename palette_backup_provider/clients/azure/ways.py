"""As whom to sign in to Azure: the ways of Pulumi's package `azure-native`, in its order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from palette_backup_provider.clients.azure import settings as azure
from palette_backup_provider.clients.rest.endpoint import this_machine
from palette_backup_provider.core.errors import (
    ApiError,
    BadSetting,
    MissingSetting,
    again,
    sentence,
)
from palette_backup_provider.core.namespace import Key
from palette_backup_provider.core.secrets import excerpt, remember
from palette_backup_provider.core.settings import Settings

if TYPE_CHECKING:
    from palette_backup_provider.clients.rest.session import Session

AUDIENCE = "api://AzureADTokenExchange"
"""What Entra expects a token of another provider to be meant for."""
SERVICE = "The OIDC provider (azure-native:oidcRequestUrl)"


@dataclass(frozen=True)
class Oidc:
    """Where a token of an identity provider comes from: the first of these that is set."""

    token: str | None = field(default=None, repr=False)
    file: str | None = None
    url: str | None = None
    bearer: str | None = field(default=None, repr=False)
    audience: str = AUDIENCE

    @classmethod
    def read(cls, settings: Settings) -> Self:
        """What the settings say. A pair of variables counts as a pair."""
        asks, where = azure.OIDC_REQUEST_TOKEN, azure.OIDC_REQUEST_URL
        pairs = (
            (settings.get(asks.name, token), settings.get(where.name, url))
            for token, url in zip(asks.variables, where.variables, strict=True)
        )
        bearer, url = next((pair for pair in pairs if all(pair)), (None, None))
        return cls(
            token=settings.get(*azure.OIDC_TOKEN.places),
            file=settings.get(*azure.OIDC_TOKEN_FILE.places),
            url=url,
            bearer=bearer,
            audience=settings.get(*azure.OIDC_AUDIENCE.places) or AUDIENCE,
        )

    def assertion(self, session: "Callable[[], Session]") -> str:
        """The token, asked for or read anew."""
        if self.token:
            token = self.token
        elif self.file:
            token = _content(azure.OIDC_TOKEN_FILE, self.file)
        elif self.url and self.bearer:
            token = _requested(session(), self.url, self.bearer, self.audience)
        else:
            raise MissingSetting(
                "azure-native:useOidc (or $ARM_USE_OIDC) is set, and no token is. Set "
                "$ARM_OIDC_TOKEN, $ARM_OIDC_TOKEN_FILE_PATH, or $ARM_OIDC_REQUEST_TOKEN and "
                "$ARM_OIDC_REQUEST_URL. In a job on GitHub, give it `permissions: id-token: write`."
            )
        remember(token)
        return token


@dataclass(frozen=True)
class Way:
    """Which way is taken. Without any it is the default of Azure's SDK."""

    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    certificate: str | None = None
    password: str | None = field(default=None, repr=False)
    oidc: Oidc | None = None
    managed: bool = False
    default: bool = False
    auxiliary: tuple[str, ...] = ()
    undiscovered: bool = False
    """Whether the sign-in address is trusted unseen."""

    @classmethod
    def read(cls, settings: Settings) -> Self:
        """What the settings say."""
        return cls(
            client_id=settings.get(*azure.CLIENT_ID.places),
            client_secret=settings.get(*azure.CLIENT_SECRET.places),
            certificate=settings.get(*azure.CERTIFICATE.places),
            password=settings.get(*azure.CERTIFICATE_PASSWORD.places),
            oidc=Oidc.read(settings) if settings.flag(*azure.USE_OIDC.places) else None,
            managed=settings.flag(*azure.USE_MSI.places),
            default=settings.flag(*azure.USE_DEFAULT.places),
            auxiliary=tuple(settings.items(*azure.AUXILIARY_TENANTS.places)),
            undiscovered=settings.flag(*azure.NO_DISCOVERY.places),
        )

    def __post_init__(self) -> None:
        remember([self.client_secret, self.password])

    @property
    def searches(self) -> bool:
        """Whether Azure's SDK looks for somebody who is signed in."""
        ways = (self.certificate, self.client_secret, self.oidc, self.managed)
        return self.default or not any(ways)

    def credential(
        self, tenant: str | None, how: dict[str, Any], session: "Callable[[], Session]"
    ) -> Any:
        """azure-identity's credential; `how` is what each of them is told."""
        from azure import identity

        how = {**how}
        how["disable_instance_discovery"] |= self.undiscovered
        if self.searches:
            return identity.DefaultAzureCredential(
                **how, additionally_allowed_tenants=list(self.auxiliary)
            )
        if self.managed and not (self.certificate or self.client_secret or self.oidc):
            return identity.ManagedIdentityCredential(client_id=self.client_id, **how)
        who = (_needed(azure.TENANT, tenant), _needed(azure.CLIENT_ID, self.client_id))
        how["additionally_allowed_tenants"] = list(self.auxiliary)
        if self.certificate:
            return self._with_certificate(identity.CertificateCredential, who, how)
        if self.client_secret:
            return identity.ClientSecretCredential(*who, self.client_secret, **how)
        oidc = self.oidc or Oidc()
        return identity.ClientAssertionCredential(*who, lambda: oidc.assertion(session), **how)

    def _with_certificate(self, kind: Any, who: tuple[str, str], how: dict[str, Any]) -> Any:
        path = Path(self.certificate or "").expanduser()
        data = _bytes(azure.CERTIFICATE, path)
        remember(data)
        try:
            return kind(*who, certificate_data=data, password=self.password, **how)
        except (TypeError, ValueError):  # its text may quote the file
            raise BadSetting(
                f"{azure.CERTIFICATE.name}: {path} is no PEM or PKCS#12 file with a certificate "
                f"and its RSA private key that {azure.CERTIFICATE_PASSWORD.name} opens. Correct "
                "the path or the password."
            ) from None


def _needed(key: Key, value: str | None) -> str:
    if not value:
        raise MissingSetting(
            f"{key.name} is not set. Set it with `pulumi config set {key.name}` or "
            f"${key.variables[0]}."
        )
    return value


def _requested(session: "Session", url: str, bearer: str, audience: str) -> str:
    """The token that a provider such as GitHub gives a job."""
    remember(bearer)
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host or not (parts.scheme == "https" or this_machine(host)):
        raise BadSetting(
            f"{azure.OIDC_REQUEST_URL.name} is not usable. It takes an address that begins with "
            f"https://."
        )
    query = {**dict(parse_qsl(parts.query)), "audience": audience}
    where = parts._replace(query=urlencode(query)).geturl()
    try:
        answer = session.get(where, headers={"Authorization": f"Bearer {bearer}"})
        token = answer.json()["value"] if answer.status_code == 200 else None
    except ApiError:
        raise
    except (OSError, LookupError, TypeError, ValueError) as error:  # of requests, or of its JSON
        raise ApiError(
            f"{SERVICE}: {sentence(excerpt(str(error)))} {again(host)}", status=0
        ) from None
    if not isinstance(token, str):
        status = answer.status_code
        raise ApiError(
            f"{SERVICE} gave no token (status {status}): {sentence(excerpt(answer.text))} Check "
            f"{azure.OIDC_REQUEST_TOKEN.name}; in a job on GitHub, give it `permissions: id-token: "
            f"write`.",
            status=status,
        )
    return token


def _content(key: Key, path: str) -> str:
    try:
        return _bytes(key, Path(path).expanduser()).decode().strip()
    except ValueError:
        raise BadSetting(f"{key.name}: {path} is no text. Correct the path.") from None


def _bytes(key: Key, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadSetting(
            f"{key.name}: {path} cannot be read: {error.strerror}. Correct the path."
        ) from None
