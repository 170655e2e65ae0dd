"""The way to an Azure cloud: its addresses, and the CA that its certificates are signed by."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Self

from palette_backup_provider.clients.azure_cloud import CLOUDS, METADATA, Cloud, environment
from palette_backup_provider.clients.azure_refusal import refusal
from palette_backup_provider.clients.shared import Shared
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.settings import Settings

if TYPE_CHECKING:
    from palette_backup_provider.clients.http import Answer, Http


class Reach:
    """Opens connections to one Azure cloud, or to that of another credential."""

    def __init__(self, chosen: Cloud, host: str | None, ca: str | None) -> None:
        self.ca = ca
        """The path of a PEM file; None for the public CAs."""
        self.elsewhere = host is not None
        """Whether the cloud is one that tells its addresses itself."""
        self._chosen, self._host = chosen, host
        self._told = Shared[Any]()

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        named = settings.get("azure-native:environment", "ARM_ENVIRONMENT") or "public"
        return cls(
            environment(named),
            settings.get("azure-native:metadataHost", "ARM_METADATA_HOSTNAME"),
            settings.get("palette:azureCaCert", "PALETTE_AZURE_CA_CERT"),
        )

    def cloud(self, name: str | None = None) -> Cloud:
        """The cloud that is set, or the one that Palette calls `name`."""
        known = CLOUDS[name] if name else self._chosen
        if self._host is None:
            return known
        return Cloud.told(known, self._told.get("", self._ask_host))

    @property
    def name(self) -> str:
        """What Palette calls the cloud that is set."""
        return self._chosen.name

    def http(self, what: str, url: str, credential: Callable[[], Mapping[str, str]]) -> "Http":
        """Calls to the service `what` at `url`."""
        # requests takes a third of what `import pulumi` takes; programs do not need it.
        from palette_backup_provider.clients import http
        from palette_backup_provider.clients.throttle import Throttle

        service = http.Service(
            what,
            url,
            reach="Check azure-native:environment, the network and the proxy ($HTTPS_PROXY, "
            "$NO_PROXY).",
            trust="If a CA of your own signed it, set palette:azureCaCert (or "
            "$PALETTE_AZURE_CA_CERT) to the path of that CA's PEM file.",
        )
        trust = http.own_ca("palette:azureCaCert", self.ca) if self.ca else None
        return http.Http(service, credential, Throttle(), http.Adapter(trust))

    def _ask_host(self) -> Any:
        url = f"https://{self._host}"
        return parsed(asked(self.http("The metadata host", url, dict), "GET", METADATA))


def asked(
    http: "Http",
    method: str,
    path: str,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> "Answer":
    """The answer to a call; raises what Azure refuses."""
    answer = http.send(method, path, body, headers or {})
    if answer.status >= 400:
        raise refusal(http.service, f"{method} {path.partition('?')[0]}", answer)
    return answer


def parsed(answer: "Answer") -> Any:
    """The JSON of an answer, None if it is empty."""
    try:
        return json.loads(answer.body) if answer.body else None
    except ValueError:
        raise ApiError("Azure answered with something that is not JSON.", status=0) from None
