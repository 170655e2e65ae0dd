"""A stack in this process: runs handlers as the engine would, on a clock that nobody waits for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from palette_backup_provider.core.handler import Created, HalfMade
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.run import Run, utc_now
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.engine.properties import Props, inputs, outputs

OWNER = "acme/shop/dev/nightly:0a1b2c"


class Killed(BaseException):
    """The process died here."""


@dataclass
class Thing:
    """One resource in a stack's state."""

    id: str
    inputs: Props
    outputs: Props


class Stack:
    """Runs the handler of one type as the engine would."""

    def __init__(
        self,
        handler: Any,
        config: dict[str, str] | None = None,
        now: Callable[[], datetime] = utc_now,
        environment: Mapping[str, str] | None = None,
        owner: str = OWNER,
    ) -> None:
        settings = Settings((config or {}).get, environment or {})
        self.owner = owner
        self.lifecycle = Lifecycle(handler, Run(settings, now))

    def check(self, before: Props | None = None, **given: Any) -> Props:
        checked = self.lifecycle.check(before or {}, {"__owner": self.owner, **given}, set())
        assert not checked.failures, checked.failures
        return checked.props

    def reasons(self, before: Props | None = None, /, **given: Any) -> str:
        props = {"__owner": self.owner, **given}
        found = self.lifecycle.check(before or {}, props, set()).failures
        return " ".join(f"{failure.path}: {failure.reason}" for failure in found)

    def create(self, **given: Any) -> Thing:
        props = self.check(**given)
        try:
            made: Created[Any] = self.lifecycle.create(props)
        except HalfMade as half:
            raise half.failure from None
        return Thing(made.id, props, outputs(made.state))

    def update(self, thing: Thing, **given: Any) -> Thing:
        props = self.check(thing.inputs, **given)
        difference = self.lifecycle.diff(thing.id, thing.outputs, props, set())
        assert difference.changes is not False
        assert not difference.replaces
        state = self.lifecycle.update(thing.id, thing.outputs, props)
        return Thing(thing.id, props, outputs(state))

    def differs(self, thing: Thing, **given: Any) -> bool:
        props = self.check(thing.inputs, **given)
        return self.lifecycle.diff(thing.id, thing.outputs, props, set()).changes is not False

    def refresh(self, thing: Thing) -> Thing | None:
        state = self.lifecycle.read(thing.id, thing.outputs)
        return Thing(thing.id, inputs(state), outputs(state)) if state else None

    def delete(self, thing: Thing) -> None:
        self.lifecycle.delete(thing.id, thing.outputs)


class Clock:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def patience(self, budget: float) -> Patience:
        return Patience(budget, clock=lambda: self.now, sleep=self.sleep)
