"""A credential that was just made, as each cloud describes one in `fresh.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.component import Component


@dataclass(frozen=True)
class Fresh:
    """The credential of one component, whose cloud knows it only after a while."""

    component: Component
    what: str
    made: Callable[[Sandbox, Any], float]
    """When the credential that a location holds was complete; seconds since the epoch."""
    peers: tuple[str, ...] = ()
    """What the peers did, where they were measured."""
