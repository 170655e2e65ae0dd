"""What differs between the components of two clouds is in docs/arguments.md, with a reason."""

from collections import Counter

import pytest

from tests.contract.arguments_page import (
    ARGUMENTS,
    CLOUDS,
    OUTPUTS,
    PAGE,
    Difference,
    Told,
    arguments,
    differing,
    outputs,
    page,
)
from tests.contract.test_every_component import COMPONENTS


@pytest.mark.parametrize(
    ("told", "differences"), [(arguments(), ARGUMENTS), (outputs(), OUTPUTS)], ids=["in", "out"]
)
def test_each_difference_has_one_reason(told: Told, differences: tuple[Difference, ...]) -> None:
    named = Counter(name for one in differences for name in one.names)
    assert set(named) == differing(told)
    assert set(named.values()) == {1}
    for one in differences:
        assert len(one.why.split()) >= 3, one.names


def test_an_argument_has_one_default_on_every_cloud() -> None:
    told = arguments()
    defaults = {
        name: {one[name][1] for one in told.values() if name in one}
        for name in {name for one in told.values() for name in one}
    }
    assert defaults["snapshots"] == {"false"}
    differing = {name for name, found in defaults.items() if len(found) > 1}
    assert differing == {"ca_cert", "identity", "region", "url"}  # of the server, or of the sign-in


def test_the_page_is_that_of_the_components() -> None:
    assert CLOUDS.keys() == COMPONENTS.keys()
    assert PAGE.read_text() == page(), "run: python -m tests.contract.arguments_page"
