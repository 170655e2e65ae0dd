"""Every component, as its cloud describes it: each folder here with a `components.py` is found."""

from importlib import import_module
from pathlib import Path

from palette_backup_provider.sandbox.cloud import clouds
from tests.sandbox.component import Component

COMPONENTS: tuple[Component, ...] = tuple(
    component
    for path in sorted(Path(__file__).parent.glob("*/components.py"))
    for component in import_module(f"{__package__}.{path.parent.name}.components").COMPONENTS
)
ANY = COMPONENTS[0]
"""For tests that any component will do for."""
ROTATING = [component for component in COMPONENTS if component.credential]
WAITS = {f"PALETTE_{cloud.upper()}_WAIT": "5" for cloud in clouds()}
"""Settings by which nobody waits long for a credential that is gone."""
