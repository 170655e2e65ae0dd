"""What each cloud of the sandbox says of itself.

`sandbox/<name>/start.py` makes one `Cloud`, which is found by its folder. The file imports the
simulator only when it starts: the settings of every cloud are needed without any simulator.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from palette_backup_provider.sandbox.proxy.known_error import KnownError

if TYPE_CHECKING:
    from palette_backup_provider.sandbox.backing import Inspector
    from palette_backup_provider.sandbox.host import Host
    from palette_backup_provider.sandbox.palette.validation import Validator

REGION = "us-east-1"
"""The region that programs use, where a cloud has regions."""


@dataclass(frozen=True)
class Started:
    """A cloud that runs."""

    service: object
    """The simulator, for tests that look into it."""
    env: dict[str, str]
    """The settings that lead to it."""
    reset: Callable[[], None]
    """Forgets all that was made in it."""
    inspector: "Inspector"
    """Looks behind locations, for the page."""
    validator: "Validator | None" = None
    """Answers Palette's validate call; None where Palette has no such call."""


@dataclass(frozen=True)
class Cloud:
    """A cloud that a sandbox can run."""

    title: str
    """Its name for people."""
    shown: str
    """The setting that says where it is."""
    start: "Callable[[Host], Started]"
    """Starts its servers, which stop with the sandbox."""
    errors: Mapping[str, Mapping[str, KnownError]]
    """What its services can be told to refuse calls with, by service and code."""
    nowhere: tuple[str, ...] = ()
    """Variables with a path at which its SDK looks for credentials: they lead to nothing."""
    usual: bool = False
    """Whether a sandbox runs it by default."""
    real: bool = False
    """Whether its server is the real one."""
    out_of_reach: dict[str, str] = field(default_factory=dict)
    """Other settings that keep its SDK from real credentials."""


@cache
def clouds() -> dict[str, Cloud]:
    """Every cloud that a sandbox can run, by the name of its folder."""
    names = sorted(path.parent.name for path in Path(__file__).parent.glob("*/start.py"))
    return {name: import_module(f"{__package__}.{name}.start").CLOUD for name in names}


def usual() -> dict[str, Cloud]:
    """The clouds that a sandbox runs by default."""
    return {name: cloud for name, cloud in clouds().items() if cloud.usual}
