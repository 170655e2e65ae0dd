"""The errors with which a service answers on request, in the vendor's own words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class KnownError:
    """An error of a service, whose table has it by its code."""

    status: int
    message: str
    of: str = ""
    """The part of the service that says so; empty for every part. Each service has its own."""
    kind: str = ""
    """The vendor's more general word for it, if it says that, too."""
