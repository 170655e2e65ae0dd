"""The errors that a service can be told to answer with, in the vendor's own words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class KnownError:
    """One of them; its code is the key of a service's table."""

    status: int
    message: str
    of: str = ""
    """The part of the service that says so; empty for every part. Each service has its own."""
    kind: str = ""
    """The vendor's more general word for it, if it says that, too."""
