"""The connection to Palette, as the settings describe it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from palette_backup_provider.clients.palette.settings import ca_cert_setting, server_url
from palette_backup_provider.core import own_settings
from palette_backup_provider.core.settings import Settings

if TYPE_CHECKING:
    from palette_backup_provider.clients.rest.http import Http

USER = "/v1/users/info"


def connection(settings: Settings, credential: Callable[[], Mapping[str, str]]) -> "Http":
    """Calls to Palette; `credential` gives the headers that authorise one. Makes no call yet."""
    # requests takes a third of what `import pulumi` takes; programs do not need it.
    from palette_backup_provider.clients.rest import http
    from palette_backup_provider.clients.rest.session import Adapter
    from palette_backup_provider.clients.rest.throttle import Throttle
    from palette_backup_provider.clients.rest.trust import own_ca

    ca = settings.get(*own_settings.CA_CERT.places)
    service = http.Service(
        "Palette",
        server_url(settings),
        reach=f"Check {settings.called(own_settings.HOST.name)}, the network and the proxy "
        "($HTTPS_PROXY, $NO_PROXY).",
        trust=f"If a CA of your own signed it, set {ca_cert_setting(settings)} to the path of "
        "that CA's PEM file.",
    )
    adapter = Adapter(own_ca(settings.called(own_settings.CA_CERT.name), ca) if ca else None)
    return http.Http(service, credential, Throttle(), adapter)


def clock(settings: Settings) -> datetime | None:
    """Palette's clock, as any answer tells it; None if it does not. Shows no key.

    Raises ApiError where there is no answer.
    """
    answer = connection(settings, dict).send("GET", USER, None, {})
    try:
        return parsedate_to_datetime(answer.headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
