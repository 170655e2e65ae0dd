"""Where a store is reached, and which CA its certificate is trusted by: rules in plain words."""

import re
import ssl
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator


def endpoint(value: str) -> str:
    """`value`, if it is scheme and host and nothing else."""
    if not re.fullmatch(r"https?://([\w.-]+|\[[\da-f:]+\])(:\d{1,5})?/?", value, re.IGNORECASE):
        quoted = "it" if "@" in value else repr(value)  # it may hold a password
        raise ValueError(
            f"{quoted} is not an endpoint: expected scheme and host, such as "
            "https://s3.example.com:9000, without a path"
        )
    return value


def host(url: str) -> str:
    """Host and port of an endpoint, the port left out where it is the scheme's own."""
    parts = urlsplit(url)
    name = (parts.hostname or "").lower()
    usual = {"http": 80, "https": 443}[parts.scheme]
    return name if parts.port in (None, usual) else f"{name}:{parts.port}"


def certificates(value: str) -> str:
    """`value`, if it is PEM."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=value)
    except (ssl.SSLError, ValueError, TypeError):  # TypeError: it is not ASCII
        raise ValueError(
            "is not a PEM certificate: expected -----BEGIN CERTIFICATE----- … "
            "-----END CERTIFICATE-----"
        ) from None
    return value


Endpoint = Annotated[str, AfterValidator(endpoint)]
Pem = Annotated[str, AfterValidator(certificates)]
