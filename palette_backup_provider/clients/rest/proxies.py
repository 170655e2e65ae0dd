"""Which proxy a call goes through: what the environment says, except for this machine.

Plain http to this machine goes through none, whatever the environment says: it would carry the
credential in clear to the proxy. Imports requests, whose rules for the environment these are.
"""

import os
from urllib.parse import urlsplit

from requests.utils import get_environ_proxies, prepend_scheme_if_needed, select_proxy
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from palette_backup_provider.clients.rest.endpoint import this_machine
from palette_backup_provider.core.errors import BadSetting

SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")


def direct(url: str) -> bool:
    """Whether `url` is plain http to this machine."""
    parts = urlsplit(url)
    return parts.scheme == "http" and this_machine(parts.hostname or "")


def proxy(url: str) -> str | None:
    """The address of the proxy on the way to `url`, None if there is none."""
    if direct(url):
        return None
    named: str | None = select_proxy(url, get_environ_proxies(url, None))
    if named:
        demand_address(named, f"${variable(urlsplit(url).scheme)}")
    return named


def demand_address(value: str, place: str) -> None:
    """Raise BadSetting if `value`, which the setting or variable `place` has, is no proxy's."""
    if not _usable(value):
        # Not quoted: it may hold a password.
        raise BadSetting(
            f"{place} is not the address of a proxy. It takes one such as "
            "http://proxy.example.com:3128."
        )


def _usable(value: str) -> bool:
    try:
        parts = parse_url(prepend_scheme_if_needed(value, "http"))  # type: ignore[no-untyped-call]
    except (LocationParseError, ValueError):
        return False
    return bool(parts.host) and parts.scheme in SCHEMES and not value[-1].isspace()


def variable(scheme: str) -> str:
    """The variable that names the proxy for `scheme`, as requests looks for it."""
    names = (f"{scheme}_proxy", f"{scheme}_PROXY".upper(), "all_proxy", "ALL_PROXY")
    return next((name for name in names if os.environ.get(name)), f"{scheme}_proxy")
