"""Where a store is reached, and which CA its certificate is trusted by: rules in plain words."""

import re
import ssl
from typing import Annotated

from pydantic import AfterValidator


def _endpoint(value: str) -> str:
    if not re.fullmatch(r"https?://([\w.-]+|\[[\da-f:]+\])(:\d{1,5})?/?", value, re.IGNORECASE):
        quoted = "it" if "@" in value else repr(value)  # it may hold a password
        raise ValueError(
            f"{quoted} is not an endpoint: expected scheme and host, such as "
            "https://s3.example.com:9000, without a path"
        )
    return value


def _pem(value: str) -> str:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=value)
    except (ssl.SSLError, ValueError, TypeError):  # TypeError: it is not ASCII
        raise ValueError(
            "is not a PEM certificate: expected -----BEGIN CERTIFICATE----- … "
            "-----END CERTIFICATE-----"
        ) from None
    return value


Endpoint = Annotated[str, AfterValidator(_endpoint)]
Pem = Annotated[str, AfterValidator(_pem)]
