"""Everything that is done while a call is killed or goes wrong: to every component, and what a
folder adds in `upgrade.py` for one of its own."""

from tests.sandbox.crash.scenario import Scenario
from tests.sandbox.folders import in_some_folders

SCENARIOS: dict[str, Scenario] = {
    "create": Scenario((), "made", "made"),
    "update": Scenario(("made",), "updated", "updated"),
    "update, then back": Scenario(("made",), "updated", "made"),
    "replace": Scenario(("made",), "replaced", "replaced"),
    "rotate": Scenario(("made",), "rotated", "rotated"),
    "rotate, then back": Scenario(("made",), "rotated", "made"),
    "put back": Scenario(("made",), "made", "made", refreshes=True, changed=True),
    "destroy, then up": Scenario(("made",), "", "made"),
    "destroy, then again": Scenario(("made", "updated"), "", "", filled=True),
}
for _each in in_some_folders("upgrade").values():
    SCENARIOS |= _each.SCENARIOS
