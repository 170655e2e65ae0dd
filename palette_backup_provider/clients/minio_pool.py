"""Connections for minio-py: our timeouts and retries, and what the environment says of proxies and
certificates, as people expect it of every program.
"""

import os
import ssl
from typing import Any

CONNECT_TIMEOUT, READ_TIMEOUT = 10.0, 30.0
CA_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


def pool(url: str, ca_cert: str | None) -> Any:
    """A pool of connections to `url`; `ca_cert` (PEM) wins over the environment."""
    import urllib3
    from requests.utils import get_auth_from_url, get_environ_proxies, select_proxy

    how: dict[str, Any] = {
        "timeout": urllib3.Timeout(connect=CONNECT_TIMEOUT, read=READ_TIMEOUT),
        "maxsize": 10,
        # Every call here may be made twice. A redirect would be another server's.
        "retries": urllib3.Retry(
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
        how["ssl_context"] = _trusting(ca_cert)
    proxy = select_proxy(url, get_environ_proxies(url))
    if proxy is None:
        return urllib3.PoolManager(**how)
    user, password = get_auth_from_url(proxy)
    headers = urllib3.make_headers(proxy_basic_auth=f"{user}:{password}") if user else None
    return urllib3.ProxyManager(proxy, proxy_headers=headers, **how)


def _trusting(ca_cert: str | None) -> ssl.SSLContext:
    if ca_cert:
        return ssl.create_default_context(cadata=ca_cert)
    import certifi

    bundle = next((found for name in CA_BUNDLES if (found := os.environ.get(name))), None)
    return ssl.create_default_context(cafile=bundle or certifi.where())
