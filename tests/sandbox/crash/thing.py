"""A resource in the state of the engine that is killed often, and what is read of it."""

import json
from dataclasses import dataclass, replace
from typing import Any

from pulumi.runtime import rpc

from palette_backup_provider.core.markers import CreateOnly
from palette_backup_provider.core.model import Model, fields, property_name
from palette_backup_provider.engine.dynamic import DynamicProvider
from palette_backup_provider.engine.properties import Props, with_defaults


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


def read_again(provider: DynamicProvider, thing: Thing) -> Thing | None:
    read = provider.read(thing.id, thing.outputs)
    if not read.id:
        return None
    inputs, outputs = plain(read.inputs), plain(read.outs)
    # what only the API tells may change without counting as drift, and so may what is read only
    # when the resource is made
    state: type[Model] = provider.handler.state_type
    initial = {property_name(state, field) for field in fields(state, CreateOnly)}
    there, asked = (
        # an input that is left out is its default, as check and diff have it
        {**with_defaults(state, props), **dict.fromkeys(initial)}
        for props in (inputs, thing.inputs)
    )
    unchanged = there == asked
    return thing if unchanged else replace(thing, inputs=inputs, outputs=outputs)


def plain(value: Any) -> Any:
    """What is left of a value on its way through the engine: JSON, secrets opened."""
    return json.loads(json.dumps(_opened(value)))


def _opened(value: Any) -> Any:
    if rpc.is_rpc_secret(value):
        return _opened(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {key: _opened(inner) for key, inner in value.items() if inner is not None}
    return [_opened(inner) for inner in value] if isinstance(value, list) else value
