"""What components ask the engine for, against Pulumi's mocks: no engine and no cloud."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from unittest.mock import patch

from google.protobuf import json_format
from pulumi.dynamic import dynamic
from pulumi.runtime import mocks

from palette_backup_provider.core.text import camel
from palette_backup_provider.engine.owner import PACKAGE
from tests.contract.samples import TOLD
from tests.mocks import event_loops, opened

PREFIX = "pulumi-python:dynamic/"
Asked = dict[str, Any]


class _Cloud(mocks.Mocks):
    """Gives each resource its inputs, and what documents are made of."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        given = {name: value for name, value in args.inputs.items() if value is not None}
        token = args.typ.removeprefix(PREFIX).removeprefix(f"{PACKAGE}:")
        spell = camel if args.typ.startswith(PACKAGE) else str
        told = {spell(name): value for name, value in TOLD.get(token, {}).items()}
        return f"{args.name}-id", {**told, **given}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        raise NotImplementedError


class _Monitor(mocks.MockMonitor):
    """Notes inputs of resources and outputs of components, by component."""

    def __init__(self) -> None:
        super().__init__(_Cloud())
        self.asked: dict[str, Asked] = {}

    def RegisterResource(self, request: Any) -> Any:
        answer = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        if request.type.startswith(PREFIX):
            inputs = opened(json_format.MessageToDict(request.object))
            # an existing object is read alone: what its inputs are for, others have too
            existing = inputs.get("existing") is True
            what = f"{request.type} {request.name}"
            self._note(request.parent, what, {} if existing else inputs)
        return answer

    def RegisterResourceOutputs(self, request: Any) -> Any:
        outputs = opened(json_format.MessageToDict(request.outputs))
        self._note(request.urn, "outputs", outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]

    def _note(self, component: str, what: str, values: Asked) -> None:
        name = component.rpartition("::")[2]
        shown = {k: v for k, v in values.items() if not k.startswith("__")}
        text = json.dumps([what, shown], sort_keys=True).replace(name, "<name>")
        place, value = json.loads(text)
        self.asked.setdefault(name, {})[place] = value


def recorded(programs: Mapping[str, Callable[[str], object]]) -> dict[str, Asked]:
    """What each of `programs`, which makes a component of the name it is called with, asks for."""
    monitor = _Monitor()
    with event_loops(), patch.object(dynamic, "serialize_provider", lambda _: ""):
        mocks.set_mocks(_Cloud(), project="contract", stack="dev", monitor=monitor)

        @mocks.test  # type: ignore[untyped-decorator]
        def all_of_them() -> None:
            for name, program in programs.items():
                program(name)

        all_of_them()
    return monitor.asked
