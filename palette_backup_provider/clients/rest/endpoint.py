"""Where a store is reached: rules in plain words."""

import ipaddress
import re
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


def is_address(url: str) -> bool:
    """Whether the host of an endpoint is an address, which has no names below it for buckets."""
    try:
        ipaddress.ip_address(urlsplit(url).hostname or "")
    except ValueError:
        return False
    return True


def this_machine(name: str) -> bool:
    """Whether a host, without its port, can be this machine alone."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return re.fullmatch(r"(.+\.)?localhost\.?", name, re.IGNORECASE) is not None


Endpoint = Annotated[str, AfterValidator(endpoint)]
