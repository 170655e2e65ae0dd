"""One location of an inventory."""

from dataclasses import dataclass
from typing import Any

from palette_backup_provider.fleet.clouds import Cloud
from palette_backup_provider.fleet.document import Where


@dataclass(frozen=True)
class Location:
    """One location of an inventory."""

    name: str
    """`project/name`, or the name alone of one of the tenant: its logical name in the stack."""
    project: str | None
    """None for the tenant."""
    cloud: Cloud
    identity: str | None
    """One of `identities`; None for the credentials of the stack."""
    args: dict[str, Any]
    """All that is not left out, as the component takes it."""
    places: dict[str, Where]
    """Where each argument stands."""
    where: Where
