"""The connection to an Azure cloud: its addresses, and the CA that signs its certificates."""

from collections.abc import Callable, Mapping
from ssl import SSLCertVerificationError
from typing import TYPE_CHECKING, Any, Self

from palette_backup_provider.clients.azure.clouds import (
    CLOUDS,
    METADATA,
    PUBLIC,
    Cloud,
    environment,
)
from palette_backup_provider.clients.azure.errors import to_api_error
from palette_backup_provider.clients.azure.settings import ENVIRONMENT, METADATA_HOST
from palette_backup_provider.clients.rest.single_flight import SingleFlight
from palette_backup_provider.clients.rest.trust import advice, own_ca
from palette_backup_provider.core.clouds.azure import CA_CERT
from palette_backup_provider.core.settings import Settings

if TYPE_CHECKING:
    from palette_backup_provider.clients.rest.answers import Routes
    from palette_backup_provider.clients.rest.http import Answer, Http
    from palette_backup_provider.clients.rest.session import Adapter, Session


OWN_CA = (
    "If a CA of your own signed it, set palette:azureCaCert (or $PALETTE_AZURE_CA_CERT) to the "
    "path of that CA's PEM file."
)
"""How to give the CA of an Azure cloud."""


class AzureConnection:
    """Opens connections to one Azure cloud, or to that of another credential."""

    def __init__(self, chosen: Cloud, host: str | None, ca: str | None) -> None:
        self.ca = ca
        """PEM, or the path of a file of it; None for the public CAs."""
        self.elsewhere = host is not None
        """Whether the cloud is one that tells its addresses itself."""
        self._chosen, self._host = chosen, host
        self._metadata = SingleFlight[Any]()

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        named = settings.get(*ENVIRONMENT.places) or "public"
        return cls(
            environment(named),
            settings.get(*METADATA_HOST.places),
            settings.get(*CA_CERT.places),
        )

    @classmethod
    def of_palette(cls, settings: Settings) -> Self:
        """The way of Palette and the clusters, which know the clouds of Microsoft alone."""
        if settings.simulated:
            return cls.connect(settings)
        return cls(PUBLIC, None, settings.get(*CA_CERT.places))

    def cloud(self, name: str | None = None) -> Cloud:
        """The cloud of the settings, or the cloud that Palette calls `name`."""
        known = CLOUDS[name] if name else self._chosen
        if self._host is None:
            return known
        return Cloud.from_metadata(known, self._metadata.get("", self._ask_host))

    @property
    def name(self) -> str:
        """What Palette calls the cloud that is set."""
        return self._chosen.name

    def http(self, what: str, url: str, credential: Callable[[], Mapping[str, str]]) -> "Http":
        """Calls to the service `what` at `url`."""
        # requests takes a third of what `import pulumi` takes; programs do not need it.
        from palette_backup_provider.clients.rest import http
        from palette_backup_provider.clients.rest.throttle import Throttle

        service = http.Service(
            what,
            url,
            reach="Check azure-native:environment, the network and the proxy ($HTTPS_PROXY, "
            "$NO_PROXY).",
            trust=OWN_CA,
        )
        return http.Http(service, credential, Throttle(), self._adapter())

    def session(self) -> "Session":
        """For calls that azure-identity makes."""
        from palette_backup_provider.clients.rest.session import Session

        session = Session()
        session.mount("https://", self._adapter())
        return session

    def public_session(self) -> "Session":
        """For a call to somebody else, whom public CAs vouch for."""
        from palette_backup_provider.clients.rest.session import Session

        return Session()

    def trust(self, error: SSLCertVerificationError) -> str:
        """What to do about a certificate that is not trusted, as sentences."""
        from palette_backup_provider.clients.rest.session import trusted

        return advice(error, trusted(self._adapter()), OWN_CA)

    def _adapter(self) -> "Adapter":
        from palette_backup_provider.clients.rest.session import Adapter

        return Adapter(own_ca("palette:azureCaCert", self.ca) if self.ca else None)

    def _ask_host(self) -> Any:
        from palette_backup_provider.clients.azure.sign_in_answers import METADATA as ROUTES

        url = f"https://{self._host}"
        host = self.http("The metadata host", url, dict)
        return content(host, ROUTES, "GET", METADATA)


def send(
    http: "Http",
    method: str,
    path: str,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> "Answer":
    """Make a call and return the answer. Raises ApiError if Azure refuses."""
    answer = http.send(method, path, body, headers or {})
    if answer.status >= 400:
        raise to_api_error(http.service, f"{method} {path.partition('?')[0]}", answer)
    return answer


def content(
    http: "Http",
    routes: "Routes",
    method: str,
    path: str,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Any:
    """The JSON of the answer to a call, None if it is empty; `routes` say what is read of it."""
    return routes.read(http.service, method, path, send(http, method, path, body, headers).body)
