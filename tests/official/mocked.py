"""Runs an example on the real SDK of an official provider, against Pulumi's mocks."""

import asyncio
import runpy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
from google.protobuf import json_format
from pulumi.runtime import mocks, rpc

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True)
class Asked:
    """One resource as a program asks the engine for it."""

    inputs: dict[str, Any]
    secrets: frozenset[str]
    """Paths of the inputs that are sealed."""
    after: frozenset[str]
    """The types that it depends on."""


class Cloud(mocks.Mocks):
    """Gives each resource the outputs that the examples read."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        told = {
            "arn": f"arn-of-{args.name}",
            "name": f"{args.name}-name",
            "bucket": f"{args.name}-bucket",
            "secret": f"{args.name}-secret",
        }
        return f"{args.name}-id", {**told, **args.inputs}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
        return {}, None


class Monitor(mocks.MockMonitor):
    """Notes what the mocks do not show: dependencies and seals."""

    def __init__(self) -> None:
        super().__init__(Cloud())
        self.asked: dict[str, Asked] = {}

    def RegisterResource(self, request: Any) -> Any:
        answer = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        if request.custom:
            inputs = json_format.MessageToDict(request.object)
            after = frozenset(urn.split("::")[2].split("$")[-1] for urn in request.dependencies)
            self.asked[request.type] = Asked(opened(inputs), frozenset(sealed(inputs)), after)
        return answer


def run(example: str, config: Mapping[str, str]) -> dict[str, Asked]:
    """What the program asks for, by type."""
    monitor = Monitor()
    with asyncio.Runner() as runner:
        asyncio.set_event_loop(runner.get_loop())
        mocks.set_mocks(Cloud(), project="example", stack="dev", monitor=monitor)
        pulumi.runtime.set_all_config(dict(config))

        @mocks.test  # type: ignore[untyped-decorator]
        def program() -> None:
            runpy.run_path(str(EXAMPLES / example / "__main__.py"))

        program()
    return monitor.asked


def opened(value: Any) -> Any:
    """A value without its seals."""
    if isinstance(value, dict):
        if value.get(rpc._special_sig_key) == rpc._special_secret_sig:
            return opened(value["value"])
        return {name: opened(inner) for name, inner in value.items()}
    return [opened(inner) for inner in value] if isinstance(value, list) else value


def sealed(value: Any, path: str = "") -> Iterator[str]:
    """The paths at which a value is sealed."""
    if isinstance(value, dict):
        if value.get(rpc._special_sig_key) == rpc._special_secret_sig:
            yield path
        else:
            for name, inner in value.items():
                yield from sealed(inner, f"{path}.{name}".lstrip("."))
