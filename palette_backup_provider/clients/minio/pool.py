"""Connections for minio-py: our timeouts and retries, and what the environment says of proxies and
certificates, as people expect it of every program.
"""

import ssl
from dataclasses import dataclass
from typing import Any

from palette_backup_provider.clients.minio.settings import CERT, KEY
from palette_backup_provider.clients.rest import deadline
from palette_backup_provider.clients.rest.trust import Authorities, of_environment, own_ca
from palette_backup_provider.core.errors import BadSetting
from palette_backup_provider.core.stopping import pause

OWN_CA = "ca_cert (or minio:minioCacertFile)"
"""Where a CA is given that wins over the environment."""
CA_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


@dataclass(frozen=True)
class Tls:
    """How the operator's settings change what is shown and asked of a server."""

    insecure: bool = False
    """Whether any certificate is good."""
    cert_file: str | None = None
    """The path of a client certificate."""
    key_file: str | None = None
    """The path of its private key."""


PLAIN = Tls()


def pool(url: str, ca_cert: str | None, tls: Tls = PLAIN) -> Any:
    """A pool of connections to `url`; `ca_cert` (PEM) wins over the environment."""
    import urllib3
    from requests.utils import get_auth_from_url

    from palette_backup_provider.clients.rest.connection import measure
    from palette_backup_provider.clients.rest.proxies import proxy as proxy_of

    class Retry(urllib3.Retry):
        """Repeats nothing once the call had to be broken off, and waits by `pause`."""

        def increment(self, *args: Any, **options: Any) -> Any:
            if (call := deadline.current()) and call.error:
                raise call.error
            return super().increment(*args, **options)

        def sleep(self, response: Any = None) -> None:
            seconds = self.get_retry_after(response) if response else None
            pause(seconds or self.get_backoff_time())

    class Pools(urllib3.PoolManager):
        """Does not even read where an answer points to."""

        def urlopen(self, *args: Any, **options: Any) -> Any:
            return super().urlopen(*args, **{**options, "redirect": False})

    class Proxied(Pools, urllib3.ProxyManager):
        """The same behind a proxy."""

    measure()
    how: dict[str, Any] = {
        "timeout": urllib3.Timeout(connect=deadline.CONNECT_TIMEOUT, read=deadline.READ_TIMEOUT),
        "maxsize": 10,
        # Every call here may be made twice. A redirect would be another server's.
        "retries": Retry(
            total=3,
            connect=1,
            redirect=False,
            allowed_methods=None,
            status_forcelist=(502, 503, 504),
            backoff_factor=0.2,
            raise_on_status=False,
        ),
    }
    if url.startswith("https"):
        how["ssl_context"] = _trusting(ca_cert, tls)
    proxy = proxy_of(url)
    if proxy is None:
        return Pools(**how)
    user, password = get_auth_from_url(proxy)
    headers = urllib3.make_headers(proxy_basic_auth=f"{user}:{password}") if user else None
    return Proxied(proxy, proxy_headers=headers, **how)


def trusted(ca_cert: str | None) -> Authorities | None:
    """The CAs that connections trust; None for the public ones."""
    return own_ca(OWN_CA, ca_cert) if ca_cert else of_environment(*CA_BUNDLES)


def _trusting(ca_cert: str | None, tls: Tls) -> ssl.SSLContext:
    import certifi

    if given := trusted(ca_cert):
        given = given if tls == PLAIN else own_ca(given.where, given.value)  # to be changed below
    context = given.context if given else ssl.create_default_context(cafile=certifi.where())
    if tls.insecure:
        from urllib3 import disable_warnings
        from urllib3.exceptions import InsecureRequestWarning

        disable_warnings(InsecureRequestWarning)  # of each call; it was asked for
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if tls.cert_file:
        try:
            context.load_cert_chain(tls.cert_file, tls.key_file)
        except OSError as error:  # ssl's own too
            reason = "they are no PEM files that fit each other"
            reason = reason if isinstance(error, ssl.SSLError) else str(error.strerror)
            files = f"{CERT.name} and {KEY.name}"
            message = f"{files}: {tls.cert_file}, {tls.key_file}: {reason}."
            raise BadSetting(f"{message} Correct the paths.") from None
    return context
