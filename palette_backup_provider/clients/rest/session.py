"""How requests calls: for our own calls, and for those with which SDKs sign in.

Imports requests, so import it when a client is made, not when the package is.
"""

from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from palette_backup_provider.clients.rest.connection import measure
from palette_backup_provider.clients.rest.deadline import REACH, answering, current
from palette_backup_provider.clients.rest.proxies import direct, proxy
from palette_backup_provider.clients.rest.trust import CA_BUNDLES, Authorities, of_environment

CONNECTIONS = 8


class Session(requests.Session):
    """Ends every call, follows no redirect, and asks no proxy for this machine."""

    def __init__(self) -> None:
        super().__init__()
        measure()
        self.headers["Accept-Encoding"] = "gzip, deflate"  # what `connection` can measure

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """The whole answer; ApiError if it does not end."""
        whole = current()
        what = whole.what if whole else f"{request.method} {urlsplit(request.url or '').path}"
        with answering(what, whole.advice if whole else REACH):
            return super().send(request, **options)

    def merge_environment_settings(self, url: Any, *args: Any) -> Any:
        """The proxies and the CAs of a call to `url`."""
        demand_way(url, self.get_adapter(url))
        settings = super().merge_environment_settings(url, *args)
        if direct(url):
            settings["proxies"] = {}
        return settings

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None: where an answer points to is not even read."""
        return None


class Adapter(HTTPAdapter):
    """Connections that trust the CAs of `own_ca` and no other, whatever the environment says."""

    def __init__(self, own_ca: Authorities | None = None) -> None:
        self.own_ca = own_ca
        super().__init__(pool_maxsize=CONNECTIONS)

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: bool | str, cert: Any = None
    ) -> Any:
        """Where to connect, and how."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        if self.own_ca:
            pool = {"ssl_context": self.own_ca.context, "cert_reqs": "CERT_REQUIRED"}
        return host, pool

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave the connection alone if it has its CAs already."""
        if not self.own_ca:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]


def trusted(adapter: Any) -> Authorities | None:
    """The CAs that connections of `adapter` trust; None for the public ones."""
    return getattr(adapter, "own_ca", None) or of_environment(*CA_BUNDLES)


def demand_way(url: str, adapter: Any) -> None:
    """Raise BadSetting if the environment names a proxy or CAs that can be none."""
    proxy(url)
    if url.startswith("https"):
        trusted(adapter)
