"""Unit tests of a program, with Pulumi's mocks as its documentation has them: they tell inputs."""

import json
from typing import Any
from unittest.mock import patch

import pulumi
import pytest
from pulumi.dynamic import dynamic
from pulumi.runtime import mocks

import palette_backup_provider
from tests.mocks import event_loops
from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS


class Echo(mocks.Mocks):
    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return f"{args.name}_id", args.inputs

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        return {}, []


@pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])
@pytest.mark.parametrize("native", ["false", "true"], ids=["dynamic", "native"])
@pytest.mark.parametrize("component", COMPONENTS)
def test_a_program_can_be_tested(
    component: Component, native: str, preview: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps({"palette:native": native}))
    found: dict[str, Any] = {}
    with event_loops(), patch.object(dynamic, "serialize_provider", lambda _: ""):
        mocks.set_mocks(Echo(), preview=preview)

        @mocks.test  # type: ignore[untyped-decorator]
        def program() -> pulumi.Output[Any]:
            kind = getattr(palette_backup_provider, component.name)
            given = eval(f"dict({component.must})")
            made = kind("nightly", **given, location_name="backups")
            outputs = {name: getattr(made, name) for name in component.outputs.values()}
            every = pulumi.Output.all(name=made.location_name, **outputs)
            return every.apply(found.update)

        program()
    assert found.get("name") == "backups" or preview
