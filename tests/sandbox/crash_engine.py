"""What the Pulumi engine does with a program, in this process and fast enough to be killed often.

Programs run on Pulumi's own SDK; resources are driven through the adapter that the engine calls.
State outlives a death as the engine saves it: step by step, without the step that was running.
"""

import asyncio
import json
from collections.abc import Mapping
from contextvars import Context
from dataclasses import dataclass, replace
from textwrap import dedent
from threading import Lock
from typing import Any

import pytest
from pulumi.runtime import mocks, rpc, settings
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.stack import run_pulumi_func

from palette_backup_provider.core.handler import Clients
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine import dynamic
from palette_backup_provider.engine.dynamic import DynamicProvider
from palette_backup_provider.engine.properties import Props
from tests.sandbox.crash_wire import Killed, Wire
from tests.sandbox.stack import HEADER

PREFIX = "pulumi-python:dynamic/"


class Crashed(Exception):
    """The run was cut off by a death."""


class Refused(Exception):
    """A check failed; its reasons, as the engine shows them."""


@dataclass(frozen=True)
class Thing:
    """One resource in state."""

    urn: str
    token: str
    id: str
    inputs: Props
    outputs: Props
    obsolete: bool = False
    """Replaced, and still to be deleted."""

    @property
    def provider(self) -> DynamicProvider:
        return dynamic.load(self.token)


class Engine:
    """One stack. `environment` is what the provider process would have."""

    def __init__(
        self, wire: Wire, environment: Mapping[str, str], patch: pytest.MonkeyPatch
    ) -> None:
        self._wire, self._environment, self._patch = wire, environment, patch
        self._lock = Lock()
        self.state: list[Thing] = []
        self.steps: list[str] = []
        """What the last command did, such as `create aws:Bucket`; never what stays the same."""
        self._left: list[Thing] = []

    @property
    def interrupted(self) -> str:
        """The step that was running when the last command died."""
        return self.steps[-1] if self._wire.dead and self.steps else ""

    def up(self, program: str) -> None:
        """Run the program, then delete what is not in it any more."""
        self._begin()
        done: list[Thing] = []
        self._left = list(self.state)
        try:
            Context().run(self._run, program, _Monitor(self, done))
        except Exception:
            if not self._wire.dead:
                raise
            raise Crashed from None
        self._delete(self._left)

    def destroy(self) -> None:
        self._begin()
        for thing in self.state:  # the real one does with --refresh and with --target
            thing.provider.diff(thing.id, thing.outputs, thing.inputs)
        self._delete(self.state)

    def refresh(self) -> list[str]:
        """Have state say what is there. Returns the resources that it was wrong about."""
        self._begin()
        found = [_read(thing) for thing in self.state]
        for thing, now in zip(self.state, found, strict=True):
            if now:
                thing.provider.diff(thing.id, now.outputs, thing.inputs)
        wrong = [t.urn for t, now in zip(self.state, found, strict=True) if now != t]
        self.state = [now for now in found if now]
        return wrong

    def one(self, token: str) -> Thing:
        """The only resource of that type."""
        (found,) = [thing for thing in self.state if thing.token == token]
        return found

    def step(self, urn: str, token: str, given: Props, done: list[Thing]) -> Thing:
        """Bring one resource of the program to what the program asks for."""
        with self._lock:
            if self._wire.dead:
                raise Crashed
            try:
                with self._wire.acting():
                    thing = self._step(urn, token, given)
            except Killed:
                raise Crashed from None
            self._left = [t for t in self._left if t.obsolete or t.urn != urn or t.id != thing.id]
            done.append(thing)
            self.state = done + self._left
            return thing

    def _step(self, urn: str, token: str, given: Props) -> Thing:
        old = next((t for t in self._left if t.urn == urn and not t.obsolete), None)
        new = Thing(urn, token, "", {}, {})
        provider = new.provider
        if old is None:
            return self._create(replace(new, inputs=self._checked(provider, {}, given)))
        props = self._checked(provider, old.inputs, given)
        found = provider.diff(old.id, old.outputs, props)
        changed = props != old.inputs if found.changes is None else found.changes
        if not changed:
            return replace(old, inputs=props)
        if not found.replaces:
            self.steps.append(f"update {token}")
            outs = provider.update(old.id, old.outputs, props).outs
            return replace(old, inputs=props, outputs=_plain(outs))
        if found.delete_before_replace:
            self._delete([old])
        else:
            self._left = [replace(t, obsolete=True) if t is old else t for t in self._left]
        # the engine asks anew, as for a resource that was never there
        return self._create(replace(new, inputs=self._checked(provider, {}, given)))

    def _create(self, new: Thing) -> Thing:
        self.steps.append(f"create {new.token}")
        made = new.provider.create(new.inputs)
        assert made.outs is not None
        return replace(new, id=made.id, outputs=_plain(made.outs))

    def _delete(self, things: list[Thing]) -> None:
        for thing in reversed(list(things)):
            self.steps.append(f"delete {thing.token}")
            try:
                with self._wire.acting():
                    thing.provider.delete(thing.id, thing.outputs)
            except Killed:
                raise Crashed from None
            self.state = [t for t in self.state if (t.urn, t.id) != (thing.urn, thing.id)]
            self._left = [t for t in self._left if t is not thing]

    def _checked(self, provider: DynamicProvider, before: Props, given: Props) -> Props:
        checked = provider.check(before, given)
        if checked.failures:
            raise Refused("; ".join(failure.reason for failure in checked.failures))
        props: Props = _plain(checked.inputs)
        return props

    def _begin(self) -> None:
        """Each command is served by a process of its own."""
        self.steps.clear()
        clients = Clients(Settings(lambda _: None, self._environment))
        self._patch.setattr(dynamic, "_clients", clients)

    def _run(self, program: str, monitor: "_Monitor") -> None:
        names = {"__name__": "__main__"}

        async def run() -> None:
            # futures that a death leaves behind are nobody's to collect
            asyncio.get_running_loop().set_exception_handler(lambda *_: None)
            mocks.set_mocks(monitor.mocks, "crash", "dev", monitor=monitor, organization="acme")
            settings.SETTINGS.outputs.clear()  # else those of a failed run fail this one
            await run_pulumi_func(lambda: exec(HEADER + dedent(program), names))

        asyncio.run(run())


class _NoMocks(mocks.Mocks):
    """The monitor below answers itself."""

    def call(self, args: mocks.MockCallArgs) -> Any:
        raise NotImplementedError

    def new_resource(self, args: mocks.MockResourceArgs) -> Any:
        raise NotImplementedError


class _Monitor(mocks.MockMonitor):
    """What a program talks to."""

    def __init__(self, engine: Engine, done: list[Thing]) -> None:
        super().__init__(_NoMocks())
        self._engine, self._done = engine, done

    def RegisterResource(self, request: Any) -> Any:
        parent = request.parent.split("::")[2].split("$")[-1] + "$" if request.parent else ""
        urn = f"urn:pulumi:dev::crash::{parent}{request.type}::{request.name}"
        if not request.type.startswith(PREFIX):
            return resource_pb2.RegisterResourceResponse(urn=urn)
        given = _plain(rpc.deserialize_properties(request.object))
        del given["__provider"]
        token = request.type.removeprefix(PREFIX)
        thing = self._engine.step(urn, token, given, self._done)
        loop = asyncio.new_event_loop()
        outputs = loop.run_until_complete(rpc.serialize_properties(dict(thing.outputs), {}))
        loop.close()
        return resource_pb2.RegisterResourceResponse(urn=urn, id=thing.id, object=outputs)


def _read(thing: Thing) -> Thing | None:
    read = thing.provider.read(thing.id, thing.outputs)
    if not read.id:
        return None
    outputs = _plain(read.outs)
    # what only the API tells may change without counting as drift
    unchanged = _plain(read.inputs) == thing.inputs
    return thing if unchanged else replace(thing, inputs=_plain(read.inputs), outputs=outputs)


def _plain(value: Any) -> Any:
    """What is left of a value on its way through the engine: JSON, secrets opened."""
    return json.loads(json.dumps(_opened(value)))


def _opened(value: Any) -> Any:
    if rpc.is_rpc_secret(value):
        return _opened(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {key: _opened(inner) for key, inner in value.items() if inner is not None}
    return [_opened(inner) for inner in value] if isinstance(value, list) else value
