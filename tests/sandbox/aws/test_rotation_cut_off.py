"""A rotation that is cut off, on the real engine: Palette's key works all the same."""

import pytest

from tests.sandbox.aws.nightly import KEY, OLD, Nightly, nightly
from tests.sandbox.control import Control
from tests.sandbox.stack import PAST

__all__ = ["nightly"]


PUT = "PUT /v1/users/assets/locations/s3/{uid}"


def fails(control: Control, call: str, service: str = "palette") -> None:
    fault = {"service": service, "call": call, "fault": "status", "status": 503, "times": 99}
    control.post("faults", [{**fault, "when": "before"}])


@pytest.mark.stress
def test_the_old_key_stays_until_palette_took_the_new_one(
    nightly: Nightly, control: Control
) -> None:
    stack, old = nightly.stack, nightly.held()
    stack.set("rotate_after", "3650")
    stack.up()
    stack.set("rotation", "one")
    fails(control, PUT)
    stack.up(ok=False)
    assert nightly.held() == old
    assert len(nightly.keys()) == 2

    stack.edit(KEY, retiring_until=PAST)
    stack.up(ok=False)  # the deadline has passed, but Palette still holds the old key
    stack.up("--continue-on-error", ok=False)
    assert nightly.held() == old
    assert len(nightly.keys()) == 2

    control.post("faults", [])
    stack.up()
    new = nightly.held()
    assert new != old
    assert nightly.keys() == {new[0]}
    stack.unchanged()
    nightly.gone()


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("palette", "POST /v1/clouds/aws/s3/validate"),
        ("palette", PUT),
        ("aws", "CreateAccessKey"),
        ("aws", "TagUser"),
    ],
)
@pytest.mark.stress
def test_a_rotation_that_failed_half_way_is_finished_by_the_next_run(
    nightly: Nightly, control: Control, service: str, call: str
) -> None:
    stack, old = nightly.stack, nightly.held()
    stack.set("rotation", "one")
    fails(control, call, service)
    stack.up(ok=False)
    assert nightly.held() == old
    control.post("faults", [])
    stack.up()
    new = nightly.held()
    assert nightly.works(old)
    assert nightly.keys() == {old[0], new[0]}
    stack.unchanged()
    nightly.gone()


@pytest.mark.stress
def test_an_old_key_goes_although_the_run_that_rotated_ended_early(nightly: Nightly) -> None:
    """State has the new key, and nothing yet that stands for the old one."""
    stack, old = nightly.stack, nightly.held()
    stack.set("rotate_after", "3650")
    stack.up()
    stack.set("rotation", "one")
    stack.up("--target", stack.urn(KEY))
    assert nightly.held() == old
    stack.edit(KEY, retiring_until=PAST)
    stack.up()
    new = nightly.held()
    assert new != old
    assert nightly.keys() == {old[0], new[0]}  # Palette had the old one until this very run
    stack.unchanged()
    stack.edit(OLD, until=PAST)
    stack.up()
    assert nightly.keys() == {new[0]}
    stack.unchanged()
    stack.set("rotation", "two")
    stack.up()
    nightly.gone()
