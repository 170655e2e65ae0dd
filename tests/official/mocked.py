"""Runs an example on the real SDK of an official provider, against Pulumi's mocks."""

import runpy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pytest
from google.protobuf import json_format
from pulumi.runtime import mocks, rpc

from palette_backup_provider.engine.lineage import Lineage
from tests.mocks import event_loops, opened

EXAMPLES = Path(__file__).parents[2] / "examples"

TOLERANT = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""For tests of a package that warns of its own deprecated parts while it is imported."""


@dataclass(frozen=True)
class Asked:
    """One resource as a program asks the engine for it."""

    inputs: dict[str, Any]
    secrets: frozenset[str]
    """Paths of the inputs that are sealed."""
    secret_outputs: frozenset[str]
    """The outputs that the package has the engine seal."""
    after: frozenset[str]
    """The resources that it depends on."""


Answers = Mapping[str, Mapping[str, str]]
"""What a cloud gives back, by the type of a resource or the name of a function."""


class Cloud(mocks.Mocks):
    """Gives each resource its inputs, and what the test has the cloud answer."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        told = self._answers.get(args.typ, {})
        return told.get("id", "some-id"), {**told, **args.inputs}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        return dict(self._answers[args.token]), []


class Monitor(mocks.MockMonitor):
    """Notes what the mocks do not show: dependencies and seals."""

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(cloud)
        self.asked: dict[str, Asked] = {}

    def RegisterResource(self, request: Any) -> Any:
        answer = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        if request.custom and not request.type.endswith(Lineage.token):  # one for a whole process
            inputs = json_format.MessageToDict(request.object)
            self.asked[short(answer.urn)] = Asked(
                opened(inputs),
                frozenset(sealed(inputs)),
                frozenset(request.additionalSecretOutputs),
                frozenset(short(urn) for urn in request.dependencies),
            )
        return answer


def short(urn: str) -> str:
    """A resource's type and name, as its URN has them: `package:module/type:Type::nightly`."""
    return urn.split("::", 2)[2].split("$")[-1]


def run(example: str, config: Mapping[str, str], answers: Answers) -> dict[str, Asked]:
    """What the program asks for, by type and name."""
    cloud = Cloud(answers)
    monitor = Monitor(cloud)
    with event_loops():
        mocks.set_mocks(cloud, project="example", stack="dev", monitor=monitor)
        pulumi.runtime.set_all_config(dict(config))

        @mocks.test  # type: ignore[untyped-decorator]
        def program() -> None:
            runpy.run_path(str(EXAMPLES / example / "__main__.py"))

        program()
    return monitor.asked


def sealed(value: Any, path: str = "") -> Iterator[str]:
    """The paths at which a value is sealed."""
    if isinstance(value, dict):
        if value.get(rpc._special_sig_key) == rpc._special_secret_sig:
            yield path
        else:
            for name, inner in value.items():
                yield from sealed(inner, f"{path}.{name}".lstrip("."))
