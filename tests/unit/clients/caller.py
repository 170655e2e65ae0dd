"""One way in which a client calls out, as one call to a server on this machine."""

from collections.abc import Callable
from dataclasses import dataclass

from palette_backup_provider.core.settings import Settings

SECRET = "the-secret-of-the-caller"
STORED = b'HTTP/1.1 200 OK\r\nETag: "e"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'
"""How a store answers a PUT that it takes."""


@dataclass(frozen=True)
class Caller:
    """One call to the server at `url`, with what it finds in the environment."""

    call: Callable[[str, str], object]
    """Given the server's URL, and the path of the CA that vouches for it."""
    environment: Callable[[str], dict[str, str]] = lambda url: {}
    tls: bool = False
    """Whether it calls over TLS only."""
    put: bytes = b""
    """What the server answers to a PUT, which comes before the call that counts."""
    through: str = "requests.sessions.Session.send"
    """The library's function that it goes through, whose every error has to be told."""
    bundles: tuple[str, ...] = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    """The variables that its CAs may come from, the first that is set; none for plain http."""
    signs_in: bool = False
    """Whether it is the sign-in that meets the server."""
    fully: bool = False
    """Whether it meets every kind of answer that never ends: one caller of each library does."""
    among_others: bool = False
    """Whether a library tries it as one of several ways to sign in: none has to be there."""
    told_as_it_is: bool = False
    """Whether its library speaks of the way to the server in its own words."""
    asks_a_proxy: bool = False
    """Whether it asks a proxy for plain http to this machine, and nothing can change that."""
    unpacks: bool = False
    """Whether it takes any JSON, packed or not."""


def settings(**given: str) -> Settings:
    config = {name.replace("_", ":", 1): value for name, value in given.items()}
    return Settings(config.get, {})
