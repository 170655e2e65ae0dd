"""What is told of a stack with which everything is well."""

from typing import Any

from tests.unit.doctor.ward import Ward


def line(ward: Ward, id: str) -> str:
    """The verdict and the text of a check that is not bad."""
    (found,) = (one for one in ward.outcomes(id) if one.check.id == id)
    assert not found.is_bad, found.finding
    return f"{found.verdict.value}: {found.finding.text}"


def stored(ward: Ward, **storage: Any) -> None:
    """Have the state's location be on that storage."""
    ward.location()
    ward.resources[0].props["storage"].clear()
    ward.resources[0].props["storage"].update(storage)
