"""What is refused for backups, or for clusters, is refused before anything is undone."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.azure.components import AZURE
from tests.sandbox.azure.inspector import ACCOUNT
from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS, WAITS
from tests.sandbox.conftest import Control
from tests.sandbox.crash.checks import LOCATION, works
from tests.sandbox.crash.engine import Engine
from tests.sandbox.crash.wire import Wire
from tests.sandbox.drift_by_hand import OtherOperator

CLUSTERS = [{"kind": "spectrocluster", "name": "c1", "uid": "uid-of-c1"}]
STAYS = "PALETTE_STORAGE_STAYS"
each_component = pytest.mark.parametrize("component", COMPONENTS)


@dataclass
class Standing:
    """A component that stands, and what is there."""

    component: Component
    sandbox: Sandbox
    control: Control
    engine: Engine
    environment: dict[str, str]
    before: Any = field(default=None)

    @property
    def other(self) -> OtherOperator:
        return OtherOperator(self.sandbox.env, self.control)

    @property
    def rotated(self) -> str:
        """Arguments under which an old credential is kept."""
        return self.component.rotated if self.component.rotates else self.component.made

    @property
    def elsewhere(self) -> str:
        """The same, with the backups elsewhere."""
        rotation = ', rotation="2"' if self.component.rotates else ""
        return self.component.elsewhere + rotation

    def program(self, arguments: str, more: str = "") -> str:
        given = f"{arguments}, {more}" if more else arguments
        return f'{self.component.name}("nightly", {self.component.name}Args({given}))'

    def up(self, arguments: str, more: str = "") -> None:
        self.engine.up(self.program(arguments, more))

    def there(self) -> Any:
        """All that is in the cloud, in Palette and in state."""
        state = {thing.urn: (thing.id, _told(thing.outputs)) for thing in self.engine.state}
        return self.component.there(self.sandbox), self.control.locations(), state

    def begin(self) -> None:
        self.before = deepcopy(self.there())

    def refuses(self, action: Callable[[], None], *words: str) -> None:
        """`action` fails with `words`, and all is as it was."""
        with pytest.raises(Exception, match="(?s)" + ".*".join(words)):
            action()
        assert self.there() == self.before
        location = self.engine.one(LOCATION)
        works(self.control, location.id, location.outputs)

    def same_location(self) -> None:
        """Palette's location is the one that it was."""
        assert [one["uid"] for one in self.control.locations()] == [
            one["uid"] for one in self.before[1]
        ]

    def gone(self) -> None:
        assert not self.engine.state
        assert not self.component.there(self.sandbox)
        assert not self.control.locations()


def _told(outputs: Any) -> Any:
    """`outputs` without what storage notes of the location that the program asked for last."""
    return {name: value for name, value in outputs.items() if name != "__serves"}


@pytest.fixture
def standing(
    running: Sandbox, control: Control, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Component], Standing]]:
    for name, value in {**running.env, **WAITS}.items():
        monkeypatch.setenv(name, value)
    environment = dict(os.environ)
    engine = Engine(Wire(monkeypatch), environment, monkeypatch)
    control.post("limit", {"enabled": False})
    yield lambda component: Standing(component, running, control, engine, environment)


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


KEPT = {
    "AzureBackupLocation": (
        ["container", "storage account", "resource group"],
        Counter(accounts=1, groups=1),
    )
}
"""What is kept with backups in it, and what is left then, where that is no bucket."""


@each_component
@pytest.mark.sampled
def test_storage_that_is_kept_with_its_backups_refuses_nothing(
    filled: Standing, capfd: pytest.CaptureFixture[str]
) -> None:
    kept, left = KEPT.get(filled.component.name, (["bucket"], Counter(buckets=1)))
    filled.up(filled.rotated, 'replace_with_data="retain"')
    filled.same_location()
    capfd.readouterr()
    filled.up(filled.elsewhere, 'replace_with_data="retain"')
    filled.same_location()
    told = capfd.readouterr().out
    assert re.findall("nightly: a new ([a-z ]+) replaces", told) == kept[::-1]
    assert re.findall(r"nightly: the ([a-z ]+) \S+ is kept, as it holds", told) == kept
    filled.engine.destroy()
    assert filled.component.there(filled.sandbox) == left
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


@pytest.mark.parametrize("component", [AZURE])
def test_for_what_somebody_else_made_beside_it(
    component: Component, standing: Callable[[Component], Standing]
) -> None:
    one = standing(component)
    one.up(one.rotated)
    eyes = one.other.inspector(component)
    (group,), (account,) = eyes.groups(), eyes.accounts()
    beside = eyes.operator.storage.blob_containers
    beside.create(group, account, "somebody-elses", {})
    one.begin()
    one.refuses(one.engine.destroy, account, "somebody-elses", "nothing was changed")
    beside.delete(group, account, "somebody-elses")

    other = f"{account[:15]}other"
    eyes.operator.storage.storage_accounts.begin_create(group, other, ACCOUNT).result()
    one.begin()
    one.refuses(one.engine.destroy, group, other, "nothing was changed")
    eyes.operator.storage.storage_accounts.delete(group, other)
    one.engine.destroy()
    one.gone()


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
