"""Where Palette is, as the settings say."""

from urllib.parse import urlsplit

from palette_backup_provider.clients.rest.endpoint import this_machine
from palette_backup_provider.core import own_settings
from palette_backup_provider.core.errors import BadSetting
from palette_backup_provider.core.settings import Settings

DEFAULT_HOST = "api.spectrocloud.com"


def server_url(settings: Settings) -> str:
    """Scheme and host from `palette:host`, which may be a bare host or a URL."""
    value = settings.get(*own_settings.HOST.places)
    named = settings.called(own_settings.HOST.name)
    insecure = own_settings.INSECURE
    accepted = f"`pulumi config set {insecure.name} true`"
    if insecure.name in settings.names:
        accepted = f"{settings.called(insecure.name)}=true"
    try:
        url = urlsplit(value if value and "://" in value else f"https://{value or DEFAULT_HOST}")
        usable = url.scheme in ("http", "https") and url.hostname and (url.port or 1)
    except ValueError:
        usable = False
    if not usable or "@" in url.netloc or url.path.strip("/") or url.query or url.fragment:
        raise BadSetting(
            f"{named} is not usable. It takes a host, such as palette.example.com, or its "
            "address without a path, such as https://palette.example.com."
        )
    if url.scheme == "http" and not (
        this_machine(url.hostname or "") or settings.flag(*own_settings.INSECURE.places)
    ):
        raise BadSetting(
            f"{named} is {value}: over plain http everyone on the way can read the API key. "
            f"Use https, or accept that with {accepted}."
        )
    return f"{url.scheme}://{url.netloc}"


def ca_cert_setting(settings: Settings) -> str:
    """What a person sets to give Palette's CA."""
    setting = own_settings.CA_CERT
    return settings.called(setting.name, f"{setting.name} (or ${setting.variables[0]})")
