"""A component that stands while what it is asked for is refused."""

import os
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.component import Component
from tests.sandbox.components import WAITS
from tests.sandbox.control import Control
from tests.sandbox.crash.checks import LOCATION, works
from tests.sandbox.crash.engine import Engine
from tests.sandbox.crash.wire import Wire
from tests.sandbox.drift_by_hand import OtherOperator


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
