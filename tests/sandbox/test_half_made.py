"""A creation fails after its object is there: the plugin has the engine keep such an object.

The next run finishes the object, and a destruction leaves nothing.
"""

from collections.abc import Callable

import pytest

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.ownership import UNFINISHED
from tests.sandbox.components import COMPONENTS
from tests.sandbox.crash.faults import expect
from tests.sandbox.crash.scenario import Trial, trial
from tests.sandbox.crash.scenarios import SCENARIOS
from tests.sandbox.resource_types import types

__all__ = ["trial"]

CREATE = SCENARIOS["create"]
POINTS = [
    (name, *point)
    for each in types()
    for name, points in each.half_made.items()
    for point in points
]
BY_NAME = {component.name: component for component in COMPONENTS}


@pytest.mark.sampled
@pytest.mark.parametrize(("name", "call", "at", "token"), POINTS)
def test_a_half_made_object_is_kept_and_finished(
    trial: Callable[..., Trial], name: str, call: str, at: int, token: str
) -> None:
    component = BY_NAME[name]
    tried = trial(component, "native")
    expect(tried, "create")
    fault = {"service": component.cloud, "call": call, "at": at, "fault": "status", "status": 403}
    for finishes in (True, False):
        tried.reset()
        tried.control.post("faults", [fault])
        with pytest.raises(ProviderError, match="403"):
            CREATE.do(tried)
        tried.control.post("faults", [])
        half = [t.token for t in tried.engine.state if t.outputs.get("held_by") == UNFINISHED]
        assert half == [token]
        if finishes:
            CREATE.mend(tried, refresh=False)
        tried.gone()
