"""Every component, as its cloud describes it: each folder here with a `components.py` is found."""

from palette_backup_provider.sandbox.cloud import clouds
from tests.sandbox.component import Component
from tests.sandbox.folders import in_each_folder

COMPONENTS: tuple[Component, ...] = tuple(
    component for each in in_each_folder("components").values() for component in each.COMPONENTS
)
ANY = COMPONENTS[0]
"""For tests that any component will do for."""
ROTATING = [component for component in COMPONENTS if component.credential]
WAITS = {f"PALETTE_{cloud.upper()}_WAIT": "5" for cloud in clouds()}
"""Settings by which nobody waits long for a credential that is gone."""
