"""What one resource of a program makes, and another one uses as existing."""

import pytest

from palette_backup_provider.core.errors import NotFound
from palette_backup_provider.engine.lifecycle import Lifecycle
from tests.unit.engine.fake import Cloud
from tests.unit.engine.test_lifecycle import PROPS, checked, reasons, thing

__all__ = ["thing"]
USED = {"__owner": f"{PROPS['__owner']}-two", "region": "eu", "existing": True, "name": "shared"}


def test_it_need_not_be_there_before_the_run(thing: Lifecycle, cloud: Cloud) -> None:
    made = checked(thing, name="shared")
    found = thing.check({}, USED, set())
    assert not found.failures
    with pytest.raises(NotFound):  # nothing told the engine to wait for the other one
        thing.create(found.props)
    thing.create(made)
    used = thing.create({name: value for name, value in found.props.items() if name != "arn"})
    assert used.id == "shared"
    assert used.state.model_dump()["arn"] == "arn:1111:shared"


def test_what_nothing_makes_is_missed_in_check(thing: Lifecycle, cloud: Cloud) -> None:
    checked(thing, name="shared")
    missing = {**USED, "name": "missing"}
    assert reasons(thing.check({}, missing, set())) == [": There is no missing."]
    elsewhere = {**USED, "region": "us"}
    assert reasons(thing.check({}, elsewhere, set())) == [": There is no shared."]
