"""What an import takes into state is what the next preview takes for unchanged, of every type.

A component makes one object of each of its types; another state of the stack imports each of them.
"""

from collections.abc import Callable

import pytest

from palette_backup_provider.core.errors import NotImportable, NotOwned
from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.rotation.credential import CredentialHandler
from palette_backup_provider.core.rotation.retired import RetiredCredentialHandler
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.engine.properties import LINEAGE, OWNER, Props, inputs, outputs
from palette_backup_provider.engine.tokens import handler_of
from palette_backup_provider.registry import RESOURCES
from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS
from tests.sandbox.crash.scenario import Trial, trial
from tests.sandbox.crash.thing import Thing
from tests.sandbox.resource_types import types

__all__ = ["trial"]


OTHER_IDS = {token: ids for each in types() for token, ids in each.other_ids.items()}
UNMARKED = {token for each in types() for token in each.nothing_remote}
NOT_IMPORTABLE = {token for each in types() for token in each.not_importable}
REFUSED = (CredentialHandler, RetiredCredentialHandler)


BY_TOKEN = {kind.token for kind in RESOURCES}


def importable(thing: Thing) -> bool:
    return thing.token not in NOT_IMPORTABLE and not issubclass(handler_of(thing.token), REFUSED)


def life(tried: Trial, token: str) -> Lifecycle:
    return Lifecycle(handler_of(token), Run(Settings(lambda _: None, tried.sandbox.env)))


def owner(thing: Thing, **other: str) -> Props:
    return {name: thing.outputs[name] for name in (OWNER, LINEAGE)} | other


def imported(life: Lifecycle, id: str, thing: Thing, whose: Props) -> tuple[Props, Props]:
    """The state that an import makes, and the inputs of the program that it prints. The next
    preview takes them for unchanged."""
    found = life.locate(id, whose)
    assert found, f"there is no {thing.token} {id}"
    assert found.id == thing.id
    given, have = inputs(found.state), outputs(found.state)
    if "storage" in given:  # what Palette masks is filled in by hand
        have["storage"] = given["storage"] = thing.outputs["storage"]
    program = {name: value for name, value in given.items() if not name.startswith("__")} | whose
    checked = life.check(given, program, set())
    assert not checked.failures
    wrong = {name: value for name, value in checked.props.items() if have.get(name) != value}
    assert life.diff(found.id, have, checked.props, set()).changes is False, (thing.token, wrong)
    return have, checked.props


@pytest.mark.sampled
@pytest.mark.parametrize("component", COMPONENTS)
def test_an_import_is_no_change_and_no_theft(
    trial: Callable[..., Trial], component: Component
) -> None:
    tried = trial(component)
    tried.up(component.updated)
    things = [thing for thing in tried.engine.state if thing.token in BY_TOKEN]
    for thing in things:
        if not importable(thing):
            with pytest.raises(NotImportable, match="cannot be imported"):
                life(tried, thing.token).locate(thing.id, owner(thing))
            continue
        others = OTHER_IDS[thing.token](thing) if thing.token in OTHER_IDS else []
        for id in (thing.id, *others):
            imported(life(tried, thing.token), id, thing, owner(thing))
        if thing.token not in UNMARKED:
            foreign = owner(thing, __owner="acme/other/dev/nightly:0a1b2c", __lineage="other")
            refused(life(tried, thing.token), thing, foreign)
    for thing in filter(importable, things):
        claimed(life(tried, thing.token), thing)


def refused(life: Lifecycle, thing: Thing, whose: Props) -> None:
    """Another stack imports it: no run changes or deletes it."""
    found = life.locate(thing.id, whose)
    assert found
    given, have = {**inputs(found.state), **whose}, outputs(found.state)
    life.run.asked.add(whose[OWNER])
    with pytest.raises(NotOwned, match="as its mark says, so it is not changed"):
        life.diff(found.id, have, given, set())
    with pytest.raises(NotOwned, match="is not deleted"):
        life.delete(found.id, have)


def claimed(life: Lifecycle, thing: Thing) -> None:
    """Another state imports it: it is not deleted before an update has marked it."""
    have, props = imported(life, thing.id, thing, owner(thing, __lineage="another"))
    if thing.token not in UNMARKED:
        with pytest.raises(NotOwned, match="held by another state of this stack"):
            life.delete(thing.id, have)
    now = life.read(thing.id, outputs(life.update(thing.id, have, props)))
    assert isinstance(now, Owned) and now.incarnation and now.held_by is None
