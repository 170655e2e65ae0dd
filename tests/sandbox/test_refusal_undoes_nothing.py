"""What is refused for backups, or for clusters, is refused before anything is undone."""

import re
from collections.abc import Callable

import pytest

from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS
from tests.sandbox.crash.checks import LOCATION
from tests.sandbox.standing import Standing, standing

CLUSTERS = [{"kind": "spectrocluster", "name": "c1", "uid": "uid-of-c1"}]
STAYS = "PALETTE_STORAGE_STAYS"
__all__ = ["standing"]
each_component = pytest.mark.parametrize("component", COMPONENTS)


@pytest.fixture
def filled(component: Component, standing: Callable[[Component], Standing]) -> Standing:
    """A component with backups, after a rotation if it rotates; it may not delete them."""
    one = standing(component)
    one.up(one.component.made)
    one.up(one.rotated)
    one.other.back_up(one.component)
    one.begin()
    return one


@each_component
@pytest.mark.sampled
def test_for_backups(filled: Standing) -> None:
    holds = ("holds", "force_destroy=True", "`pulumi up`")
    filled.refuses(filled.engine.destroy, *holds, "nothing was changed", STAYS)
    filled.refuses(lambda: filled.engine.up("pass"), *holds, "put it back first", "nothing was")
    filled.refuses(lambda: filled.engine.destroy(LOCATION), *holds)

    filled.refuses(lambda: filled.up(filled.elsewhere), "holds", "force_destroy")

    location = filled.engine.one(LOCATION)
    for props in (location.inputs, location.outputs):
        assert props.pop("__goes_with")  # as of a stack made before there was such a note
    filled.up(filled.rotated)
    assert filled.engine.steps == [f"update {LOCATION}"]
    assert filled.there() == filled.before
    assert not filled.engine.refresh()

    filled.up(filled.rotated, "force_destroy=True")
    filled.same_location()
    filled.engine.destroy()
    filled.gone()


@each_component
@pytest.mark.sampled
def test_all_that_is_made_goes_after_the_location(
    component: Component, standing: Callable[[Component], Standing]
) -> None:
    """The engine deletes what a location depends on after it, and, where the location is refused,
    not at all, also with `--continue-on-error`."""
    one = standing(component)
    one.up(one.rotated)
    location = one.engine.one(LOCATION).urn
    after, rest = set[str](), {location}
    while rest:
        after |= rest
        rest = set().union(*(one.engine.waits_for.get(urn, set()) for urn in rest)) - after
    assert after == {thing.urn for thing in one.engine.state}


@each_component
@pytest.mark.sampled
def test_storage_that_is_kept_with_its_backups_refuses_nothing(
    filled: Standing, capfd: pytest.CaptureFixture[str]
) -> None:
    filled.up(filled.rotated, 'replace_with_data="retain"')
    filled.same_location()
    capfd.readouterr()
    filled.up(filled.elsewhere, 'replace_with_data="retain"')
    filled.same_location()
    told = capfd.readouterr().out
    assert re.findall("nightly: a new ([a-z ]+) replaces", told) == [*filled.component.keeps[::-1]]
    assert re.findall(r"nightly: the ([a-z ]+) \S+ is kept, as it holds", told) == [
        *filled.component.keeps
    ]
    filled.engine.destroy()
    assert filled.component.there(filled.sandbox) == filled.component.kept
    assert not (filled.engine.state or filled.control.locations())


@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.sampled
def test_a_location_without_its_storage(filled: Standing) -> None:
    filled.environment[STAYS] = "true"
    filled.engine.destroy(LOCATION)
    assert filled.component.there(filled.sandbox) == filled.before[0]
    assert not filled.control.locations()
    del filled.environment[STAYS]

    filled.up(filled.rotated, "force_destroy=True")
    filled.engine.destroy()
    filled.gone()


@each_component
@pytest.mark.sampled
def test_for_clusters(standing: Callable[[Component], Standing], component: Component) -> None:
    one = standing(component)
    one.up(component.made)
    one.up(one.rotated)
    (location,) = one.control.locations()
    one.control.post("clusters", {"uid": location["uid"], "clusters": CLUSTERS})
    one.begin()
    used = ("clusters back up to it", "c1", "another location in Palette first", "Nothing was")
    one.refuses(one.engine.destroy, "is not deleted", *used)
    one.refuses(lambda: one.engine.up("pass"), "is not deleted", *used)
    one.refuses(lambda: one.engine.destroy(LOCATION), "is not deleted", *used)
    one.refuses(lambda: one.up(f'{one.rotated}, project="team-a"'), "is not replaced", *used)
    one.refuses(lambda: one.up(one.elsewhere), "is not moved", *used)

    one.control.post("clusters", {"uid": location["uid"], "clusters": []})
    one.engine.destroy()
    one.gone()
