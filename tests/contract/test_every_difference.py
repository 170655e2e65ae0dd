"""What differs between the components of two clouds is in docs/arguments.md, with a reason."""

from collections import Counter

import pytest

from tests.contract.arguments_page import (
    COLUMNS,
    IDEAS,
    OF_CLOUDS,
    PAGE,
    Told,
    arguments,
    differing,
    outputs,
    page,
    why,
    words,
)
from tests.contract.difference import Words
from tests.contract.test_every_component import COMPONENTS


@pytest.mark.parametrize(
    ("table", "told"), [("ARGUMENTS", arguments()), ("OUTPUTS", outputs())], ids=["in", "out"]
)
def test_each_difference_has_one_reason(table: str, told: Told) -> None:
    for cloud in OF_CLOUDS.values():
        own: dict[str, Words] = getattr(cloud, table)
        named = Counter(name for one in own.values() for name in one.names)
        has = {name for component in cloud.COLUMNS for name in told[component]}
        assert set(named) == differing(told) & has
        assert set(named.values()) == {1}
        assert own.keys() <= IDEAS[table].keys()
    for idea in IDEAS[table]:
        assert any(one.names for one in words(table, idea)), idea
        assert len(why(table, idea).split()) >= 3, idea


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
    assert COLUMNS.keys() == COMPONENTS.keys()
    assert PAGE.read_text() == page(), "run: python -m tests.contract.arguments_page"
