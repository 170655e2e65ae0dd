"""What the Pulumi engine does with a program, in this process and fast enough to be killed often.

Programs run on Pulumi's own SDK; resources are driven through the adapter that the engine calls.
State outlives a death as the engine saves it: step by step, without the step that was running.
"""

import asyncio
from collections.abc import Mapping
from contextvars import Context
from dataclasses import replace
from functools import cache
from textwrap import dedent
from threading import Lock
from typing import Any

import boto3
import pytest
from cryptography.hazmat.primitives import serialization
from pulumi.runtime import mocks, rpc, settings
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.stack import run_pulumi_func

from palette_backup_provider.core import retry
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine import dynamic
from palette_backup_provider.engine.dynamic import DynamicProvider
from palette_backup_provider.engine.properties import Props
from tests.sandbox.crash.adapters import PREFIX, Adapter, Kept, dynamically
from tests.sandbox.crash.thing import Thing, plain, read_again
from tests.sandbox.crash.wire import Killed, Wire
from tests.sandbox.stack import headed

SESSION = cache(boto3.Session)
LOAD_KEY = cache(serialization.load_pem_private_key)
"""These two know no cloud, and a process of its own for each command would call them once."""
SHORTEST_WAIT = 0.02
"""Seconds; the clouds of a sandbox are ready when they are asked again, however soon that is."""


class Crashed(Exception):
    """The run was cut off by a death."""


class Refused(Exception):
    """A check failed; its reasons, as the engine shows them."""


class Engine:
    """One stack. `environment` is what the provider process would have."""

    def __init__(
        self, wire: Wire, environment: Mapping[str, str], patch: pytest.MonkeyPatch
    ) -> None:
        self._wire, self._environment = wire, environment
        self.adapter: Adapter = dynamically
        patch.setattr(dynamic, "_run", None)
        patch.setattr(retry, "SHORTEST", SHORTEST_WAIT)
        patch.setattr(boto3, "Session", SESSION)
        patch.setattr(serialization, "load_pem_private_key", LOAD_KEY)
        self._lock = Lock()
        self.state: list[Thing] = []
        self.steps: list[str] = []
        """What the last command did, as operation and token; never what stays the same."""
        self.waits_for: dict[str, set[str]] = {}
        """What each resource of the last program depends on, by URN."""
        self._left: list[Thing] = []

    @property
    def interrupted(self) -> str:
        """The step that was running when the last command died."""
        return self.steps[-1] if self._wire.dead and self.steps else ""

    def up(self, program: str) -> None:
        """Run the program, then delete what is not in it any more."""
        self._begin()
        self._done: list[Thing] = []
        self._left = list(self.state)
        try:
            Context().run(self._run, program, _Monitor(self))
        except Exception:
            if not self._wire.dead:
                raise
            raise Crashed from None
        self._delete(self._left)

    def destroy(self, *tokens: str) -> None:
        """Delete all, or what is of those types."""
        self._begin()
        for thing in self.state:  # the real one does with --refresh and with --target
            self.provider(thing).diff(thing.id, thing.outputs, thing.inputs)
        self._delete([t for t in self.state if t.token in tokens or not tokens])

    def refresh(self) -> list[str]:
        """Have state say what is there. Returns the resources that it was wrong about."""
        self._begin()
        found = [read_again(self.provider(thing), thing) for thing in self.state]
        for thing, now in zip(self.state, found, strict=True):
            if now:
                self.provider(thing).diff(thing.id, now.outputs, thing.inputs)
        wrong = [t.urn for t, now in zip(self.state, found, strict=True) if now != t]
        self.state = [now for now in found if now]
        return wrong

    def one(self, token: str) -> Thing:
        """The only resource of that type."""
        (found,) = [thing for thing in self.state if thing.token == token]
        return found

    def step(self, urn: str, token: str, given: Props) -> Thing:
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
            self._done.append(thing)
            self.state = self._done + self._left
            return thing

    def _step(self, urn: str, token: str, given: Props) -> Thing:
        old = next((t for t in self._left if t.urn == urn and not t.obsolete), None)
        new = Thing(urn, token, "", {}, {})
        provider = self.provider(new)
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
            return replace(old, inputs=props, outputs=plain(outs))
        if found.delete_before_replace:
            self._delete([old])
        else:
            self._left = [replace(t, obsolete=True) if t is old else t for t in self._left]
        # the engine asks anew, as for a resource that was never there
        return self._create(replace(new, inputs=self._checked(provider, {}, given)))

    def _create(self, new: Thing) -> Thing:
        self.steps.append(f"create {new.token}")
        try:
            made = self.provider(new).create(new.inputs)
        except Kept as kept:
            self._done.append(replace(new, id=kept.id, outputs=plain(kept.outs)))
            self.state = self._done + self._left
            raise kept.failure from None
        assert made.outs is not None
        return replace(new, id=made.id, outputs=plain(made.outs))

    def _delete(self, things: list[Thing]) -> None:
        for thing in reversed(list(things)):
            self.steps.append(f"delete {thing.token}")
            try:
                with self._wire.acting():
                    self.provider(thing).delete(thing.id, thing.outputs)
            except Killed:
                raise Crashed from None
            self.state = [t for t in self.state if (t.urn, t.id) != (thing.urn, thing.id)]
            self._left = [t for t in self._left if t is not thing]

    def _checked(self, provider: DynamicProvider, before: Props, given: Props) -> Props:
        checked = provider.check(before, given)
        if checked.failures:
            raise Refused("; ".join(failure.reason for failure in checked.failures))
        props: Props = plain(checked.inputs)
        return props

    def provider(self, thing: Thing) -> DynamicProvider:
        """What answers for it."""
        return self.adapter(thing.urn, thing.token)

    def _begin(self) -> None:
        """Each command is served by a process of its own."""
        self.steps.clear()
        # not by the patch, which would keep every process of a trial, and all its clients
        dynamic._run = Run(Settings(lambda _: None, self._environment))

    def _run(self, program: str, monitor: "_Monitor") -> None:
        names = {"__name__": "__main__"}

        async def run() -> None:
            # futures that a death leaves behind are nobody's to collect
            asyncio.get_running_loop().set_exception_handler(lambda *_: None)
            mocks.set_mocks(monitor.mocks, "crash", "dev", monitor=monitor, organization="acme")
            settings.SETTINGS.outputs.clear()  # else those of a failed run fail this one
            try:
                await run_pulumi_func(lambda: exec(headed(program) + dedent(program), names))
            finally:
                await _cancel_all()

        asyncio.run(run())


async def _cancel_all() -> None:
    """Leave nothing that waits: what is cancelled may still declare resources, whose tasks begin
    after the loop has counted those that it cancels."""
    while rest := asyncio.all_tasks() - {asyncio.current_task()}:
        for task in rest:
            task.cancel()
        await asyncio.wait(rest)


class _NoMocks(mocks.Mocks):
    """The monitor below answers itself."""

    def call(self, args: mocks.MockCallArgs) -> Any:
        raise NotImplementedError

    def new_resource(self, args: mocks.MockResourceArgs) -> Any:
        raise NotImplementedError


class _Monitor(mocks.MockMonitor):
    """What a program talks to."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(_NoMocks())
        self._engine = engine

    def RegisterResource(self, request: Any) -> Any:
        parent = request.parent.split("::")[2].split("$")[-1] + "$" if request.parent else ""
        urn = f"urn:pulumi:dev::crash::{parent}{request.type}::{request.name}"
        if not request.type.startswith(PREFIX):
            return resource_pb2.RegisterResourceResponse(urn=urn)
        self._engine.waits_for[urn] = set(request.dependencies)
        given = plain(rpc.deserialize_properties(request.object))
        del given["__provider"]
        token = request.type.removeprefix(PREFIX)
        thing = self._engine.step(urn, token, given)
        loop = asyncio.new_event_loop()
        outputs = loop.run_until_complete(rpc.serialize_properties(dict(thing.outputs), {}))
        loop.close()
        return resource_pb2.RegisterResourceResponse(urn=urn, id=thing.id, object=outputs)
