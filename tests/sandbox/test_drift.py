"""What another hand changed or deleted is seen, told, and put right; and nothing else is."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from palette_backup_provider.clients.palette.client import LOCATIONS
from palette_backup_provider.sandbox.proxy.server import _Handler
from palette_backup_provider.sandbox.run import Sandbox
from tests.bench.locations import program
from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS
from tests.sandbox.control import Control
from tests.sandbox.drift_by_hand import OtherOperator, other
from tests.sandbox.stack import Stack

__all__ = ["other"]


def planned(stack: Stack) -> dict[str, str]:
    """What a preview with a refresh would do, by our own types."""
    found: dict[str, str] = {}
    for urn, step in stack.steps("--refresh").items():
        if "dynamic/" in urn and step["op"] != "refresh":
            found[urn.rpartition("::")[0].rpartition("/")[2]] = step["op"]
    return found


@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.sampled
def test_what_another_hand_changed_is_put_back(
    component: Component, stack: Stack, other: OtherOperator
) -> None:
    stack.program(component.program)
    stack.up()
    stack.unchanged()
    other.change(component)

    seen = planned(stack)
    assert component.changed | {"palette:BackupLocation"} <= seen.keys()
    stack.run("refresh", "--preview-only", "--expect-no-changes", ok=False)
    stack.run("preview", "--refresh", "--expect-no-changes", ok=False)
    shallow = stack.environment
    stack.environment = {**shallow, "PALETTE_DEEP_REFRESH": "true"}
    assert "- refused" in stack.preview("--refresh", "--diff").text
    stack.environment = shallow
    stack.up("--refresh")
    stack.unchanged()
    assert other.control.locations()[0]["body"]["metadata"].get("labels") in (None, {})
    component.works(other.control, other.inspector(component))
    stack.destroy()
    assert other.inspector(component).nothing_left() and not other.control.locations()


@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.sampled
def test_a_location_that_is_gone_is_made_again(
    component: Component, stack: Stack, other: OtherOperator
) -> None:
    stack.program(component.program)
    stack.up()
    other.unregister()
    assert planned(stack) == {"palette:BackupLocation": "create"}
    stack.up("--refresh")
    stack.unchanged()
    component.works(other.control, other.inspector(component))


@pytest.mark.parametrize("whole_seconds", [True, False])
@pytest.mark.sampled
def test_a_change_right_after_our_own_is_seen_whatever_clocks_show(
    stack: Stack,
    control: Control,
    running: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    whole_seconds: bool,
) -> None:
    tomorrow = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)
    monkeypatch.setattr(_Handler, "date_time_string", lambda *_: tomorrow)
    control.post("knobs", {"whole_seconds": whole_seconds})
    stack.program(program(3, proven=False))
    stack.up()
    theirs = running.store.all()[0]
    theirs.body["spec"]["config"]["region"] = "eu-west-1"  # its timestamp stays that of our POST

    assert planned(stack) == {"palette:BackupLocation": "update"}
    stack.run("preview", "--refresh", "--expect-no-changes", ok=False)
    stack.up("--refresh")
    assert theirs.body["spec"]["config"]["region"] == "us-east-1"

    def read() -> tuple[int, int]:
        """How many locations a refresh reads, and how many lists that takes."""
        before = Counter(control.get("calls")["palette"])
        assert "updated" not in stack.refresh().changes
        calls = Counter(control.get("calls")["palette"]) - before
        return calls[f"GET {LOCATIONS}/s3/{{uid}}"], calls[f"GET {LOCATIONS}"]

    assert read() == (1, 1)  # the one that was put back
    assert read() == (0, 1)
    stack.unchanged()
    stack.destroy()
