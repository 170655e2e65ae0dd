"""Runs the handler of one type as the engine would."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from palette_backup_provider.core.handler import Clients
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.lifecycle import Lifecycle, Props, inputs, outputs


@dataclass
class Thing:
    """One resource in a stack's state."""

    id: str
    inputs: Props
    outputs: Props


class Stack:
    """A stack with one resource in it, on one server."""

    def __init__(self, handler: Any, environment: Mapping[str, str], owner: str) -> None:
        self.owner = owner
        self.lifecycle = Lifecycle(handler, Clients(Settings(lambda _: None, environment)))

    def check(self, before: Props | None = None, **given: Any) -> Props:
        checked = self.lifecycle.check(before or {}, {"__owner": self.owner, **given}, set())
        assert not checked.failures, checked.failures
        return checked.props

    def reasons(self, **given: Any) -> str:
        found = self.lifecycle.check({}, {"__owner": self.owner, **given}, set()).failures
        return " ".join(f"{failure.path}: {failure.reason}" for failure in found)

    def create(self, **given: Any) -> Thing:
        props = self.check(**given)
        made = self.lifecycle.create(props)
        return Thing(made.id, props, outputs(made.state))

    def update(self, thing: Thing, **given: Any) -> Thing:
        props = self.check(thing.inputs, **given)
        assert self.lifecycle.diff(thing.id, thing.outputs, props, set()).changes is not False
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
