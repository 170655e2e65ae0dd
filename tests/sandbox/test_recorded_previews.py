"""The previews that tests/unit/review renders are what the engine makes today.

They are written anew by

    WRITE_PREVIEWS=1 python -m pytest tests/sandbox/test_recorded_previews.py \\
        tests/sandbox/*/test_recorded_*.py -m "stress or not stress"

and their comments, which need no engine, by `python -m tests.unit.review`.
"""

from collections.abc import Callable

import pytest

from tests.sandbox.folders import in_each_folder
from tests.sandbox.recorded import Record, record
from tests.sandbox.stack import Stack

__all__ = ["record"]

CLOUDS = in_each_folder("recorded_previews").values()


def first_runs(stack: Stack, record: Record) -> None:
    stack.program("".join(each.FIRST for each in CLOUDS))
    record("first-run-everywhere")


SCENARIOS = [first_runs, *(scenario for each in CLOUDS for scenario in each.SCENARIOS)]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
@pytest.mark.sampled
def test_a_preview_is_recorded_as_it_is(
    scenario: Callable[[Stack, Record], None], stack: Stack, record: Record
) -> None:
    scenario(stack, record)
